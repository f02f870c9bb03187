// SPDX-License-Identifier: Apache-2.0
// Values that step plugins keep: real keepers, workers and boxes, a server of the test.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/worker/plugin_jobs.hpp"
#include "wire/agent_api_plugin_state.hpp"

namespace ostler::worker {
namespace {

using supervise::ApiReply;
using supervise::ApiRequest;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class PluginState : public PluginJobs {
 protected:
  PluginState() { permit(R"({"services": ["meta-data", "state"], "secrets": ["KEY"]})"); }

  /// Statuses and values of the calls of a script, as the plugin tells them.
  std::string said_by(const std::string& script, const std::string& server = "state") {
    auto driven = calls(script);
    driven->env()["OSTLER_SERVER_SERVICES"] = server;
    driven->answer_with([this](const ApiRequest& request) { return answer(request); });
    return told_in(driven->finish());
  }
  ApiReply answer(const ApiRequest& request) {
    if (request.path.ends_with("/secrets?key=KEY")) {
      return {.status = 200, .body = R"({"key":"KEY","value":"a-thing-to-hide","uuid":"1"})"};
    }
    if (!request.path.ends_with("/ostler/state/change")) {
      if (request.path.find("/ostler/") == request.path.npos) return {.status = 200};
      if (request.path.ends_with("/keys")) return {.status = 200, .body = R"(["a","b"])"};
      asked_.push_back(wire::decode_state_key(request.body).value());
      if (status_ != 200) return {.status = status_};
      if (asked_.back().key == "none")
        return {.status = 200, .body = wire::encode(wire::StateValue{})};
      return {.status = 200, .body = wire::encode(wire::StateValue{"two\nlines", 7})};
    }
    changes_.push_back(wire::decode_state_change(request.body).value());
    if (status_ != 200) return {.status = status_, .body = R"({"message":"it has revision 9"})"};
    return {.status = 200, .body = wire::encode_revision(8)};
  }

  std::vector<model::StateKey> asked_;
  std::vector<wire::StateChange> changes_;
};

TEST_F(PluginState, IsReadAndChangedUnderTheNameOfThePlugin) {
  EXPECT_EQ(said_by(R"(ostler.state/1/get|host|live\nostler.state/1/set|pipeline|live|1.0|0\n)"
                    R"(ostler.state/1/delete|everywhere|live|any\nostler.state/1/keys|host|si)"),
            R"(0 7 two lines; 0 8; 0 ; 0 ["a","b"])");
  ASSERT_EQ(asked_.size(), 1u);
  EXPECT_EQ(asked_[0].plugin, "zoo");
  EXPECT_EQ(asked_[0].scope, model::StateScope::Host);
  ASSERT_EQ(changes_.size(), 2u);
  EXPECT_EQ(changes_[0].at.plugin, "zoo");
  EXPECT_EQ(changes_[0].value, "1.0");
  EXPECT_EQ(changes_[0].expected, 0);
  EXPECT_EQ(changes_[1].value, std::nullopt);
  EXPECT_EQ(changes_[1].expected, std::nullopt);
  EXPECT_NE(changes_[0].request, changes_[1].request);
}

TEST_F(PluginState, TellsAConflictAsOne) {
  status_ = 412;
  EXPECT_EQ(said_by("ostler.state/1/set|pipeline|live|1.0|7"),
            "5 ostler/state/change: the server answered 412 (it has revision 9)");
}

TEST_F(PluginState, TakesNoOtherRefusalForNews) {
  for (const int status : {404, 409, 422, 423}) {
    status_ = static_cast<std::uint16_t>(status);
    EXPECT_THAT(
        said_by(R"(ostler.state/1/set|pipeline|live|1.0|any\nostler.state/1/get|host|live)"),
        testing::MatchesRegex("6 .* answered 4.*; 6 .* answered 4.*"))
        << status;
  }
}

TEST_F(PluginState, IsNotThereWhenTheServerSaysSo) {
  EXPECT_EQ(said_by("ostler.state/1/get|host|none"), "3 there is no key none");
}

TEST_F(PluginState, IsRefusedByNameWhereTheServerKeepsNone) {
  for (const char* server : {"", "locks,states"}) {
    EXPECT_EQ(said_by("ostler.state/1/get|host|live", server),
              "6 the server of this job keeps no state for plugins (ostler.state/1); a hub of "
              "Ostler does");
  }
  EXPECT_THAT(asked_, IsEmpty());
}

TEST_F(PluginState, HoldsNoSecretOfTheJob) {
  EXPECT_THAT(said_by(R"(ostler.secret/1/get|KEY\nostler.state/1/set|host|k|a-thing-to-hide!|any\n)"
                      R"(ostler.state/1/set|host|a-thing-to-hide|v|any)"),
              HasSubstr("; 0 8; 4 the key of a value has a secret"));
  ASSERT_EQ(changes_.size(), 1u);
  EXPECT_EQ(changes_[0].value, "[REDACTED]!");
}

TEST_F(PluginState, RefusesWhatBreaksItsRules) {
  EXPECT_THAT(said_by("ostler.state/1/get|planet|k"), HasSubstr("7 the scope of a value is"));
  EXPECT_THAT(said_by("ostler.state/1/get|host|a b"), HasSubstr("7 the key of a value has 1 to"));
  EXPECT_THAT(said_by("ostler.state/1/set|host|k|v|-2"), HasSubstr("7 a revision is a number"));
  EXPECT_THAT(said_by("ostler.state/1/set|host|k|#65537#a|any"),
              HasSubstr("7 a value has at most"));
  EXPECT_THAT(said_by("ostler.state/1/set|host|k|v"), HasSubstr("7 ostler.state/1/set takes 4"));
  EXPECT_THAT(said_by("ostler.state/1/swap|host|k|v"), HasSubstr("3 this host has no call"));
  EXPECT_THAT(changes_, IsEmpty());
}

}  // namespace
}  // namespace ostler::worker
