// SPDX-License-Identifier: Apache-2.0
// What step plugins ask of the server: real keepers, workers and boxes, a server of the test.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <vector>

#include "integration/worker/plugin_jobs.hpp"
#include "wire/agent_api_annotations.hpp"
#include "wire/agent_api_secrets.hpp"

namespace ostler::worker {
namespace {

using supervise::ApiReply;
using supervise::ApiRequest;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

/// A server with the build's meta-data and a secret.
class SmallServer {
 public:
  ApiReply answer(const ApiRequest& request) {
    seen.push_back(request.method + " " + request.path.substr(request.path.find('/', 5) + 1));
    bodies.push_back(request.body);
    if (is_down) return {.status = 503};
    if (request.path.ends_with("/data/set"))
      return set(wire::decode_meta_datum(request.body).value());
    if (request.path.ends_with("/data/get")) return get(request.body);
    if (request.path.ends_with("/data/exists")) {
      const bool has = data.contains(wire::decode_meta_data_key(request.body).value());
      return {.status = 200, .body = wire::encode_exists(has)};
    }
    if (request.path.ends_with("/data/keys")) return {.status = 200, .body = keys};
    if (request.path.ends_with("/secrets?key=KEY")) return key_reply();
    if (request.path.find("/secrets?") != request.path.npos) return {.status = 403};
    return {.status = 200};
  }

  std::map<std::string, std::string> data;
  std::vector<std::string> seen;    ///< method and path within the job
  std::vector<std::string> bodies;  ///< of the same
  std::string keys = R"(["a","b"])";
  bool is_down = false;

 private:
  ApiReply set(const wire::MetaDatum& datum) {
    data[datum.key] = datum.value;
    return {.status = 200};
  }
  ApiReply get(const std::string& body) {
    const auto found = data.find(wire::decode_meta_data_key(body).value());
    if (found == data.end()) return {.status = 404, .body = R"({"message":"no such key"})"};
    return {.status = 200, .body = wire::encode(wire::MetaDatum{found->first, found->second})};
  }
};

class PluginServices : public PluginJobs {
 protected:
  std::unique_ptr<DrivenJob> answered_calls(const std::string& script) {
    auto driven = calls(script);
    driven->answer_with([this](const ApiRequest& request) { return server_.answer(request); });
    return driven;
  }
  std::string said_by(const std::string& script) {
    const FinishedJob job = answered_calls(script)->finish();
    log_ = job.text;
    return told_in(job);
  }

  SmallServer server_;
  std::string log_;
};

TEST_F(PluginServices, ReadAndWriteMetaData) {
  permit(R"({"services": ["meta-data"]})");
  EXPECT_EQ(said_by(R"(ostler.meta-data/1/exists|release\nostler.meta-data/1/set|release|1.2\n)"
                    R"(ostler.meta-data/1/exists|release\nostler.meta-data/1/get|release\n)"
                    R"(ostler.meta-data/1/keys)"),
            R"(0 0; 0 ; 0 1; 0 1.2; 0 ["a","b"])");
  EXPECT_EQ(server_.data.at("release"), "1.2");
  EXPECT_THAT(said_by("ostler.meta-data/1/get|none"),
              HasSubstr("3 data/get: the server answered 404 (no such key)"));
}

TEST_F(PluginServices, WriteNoKeysOfOthersAndNothingBlank) {
  permit(R"({"services": ["meta-data"]})");
  EXPECT_EQ(said_by(R"(ostler.meta-data/1/set|ostler:other:made|1)"),
            "4 keys that begin with ostler: are not for plugins to set: ostler:other:made");
  EXPECT_THAT(said_by(R"(ostler.meta-data/1/set|buildkite:git:commit|1)"), HasSubstr("4 keys"));
  EXPECT_THAT(said_by("ostler.meta-data/1/set|key| "), HasSubstr("7 neither key nor value"));
  EXPECT_THAT(said_by("ostler.meta-data/1/set|key"), HasSubstr("takes 2 arguments, not 1"));
  EXPECT_THAT(said_by("ostler.meta-data/1/drop|key"), HasSubstr("3 this host has no call"));
  EXPECT_FALSE(server_.data.contains("key"));
}

TEST_F(PluginServices, AreThereOnlyWhenTheManifestAsksForThem) {
  const std::string none =
      "6 this run has no service ostler.meta-data/1; ask for it in plugin.json: "
      "\"permissions\": {\"services\": [\"meta-data\"]}";
  EXPECT_EQ(said_by("ostler.meta-data/1/keys"), none);
  EXPECT_THAT(said_by("ostler.secret/1/get|KEY"),
              HasSubstr("ask for it in plugin.json: \"permissions\": {\"secrets\": [\"NAME\"]}"));
  permit(R"({"services": ["annotation"], "secrets": []})");
  EXPECT_EQ(said_by(R"(ostler.meta-data/1/keys\nostler.secret/1/get|KEY)"),
            none +
                "; 4 plugin.json does not ask for the "
                "secret KEY; name it in \"permissions\": {\"secrets\": [...]}");
  EXPECT_THAT(server_.seen, ElementsAre("POST data/set", "POST data/set", "POST data/set"))
      << "the results of the runs";
}

TEST_F(PluginServices, HideSecretsFromTheLogAndTheServer) {
  permit(R"({"services": ["annotation", "meta-data"], "secrets": ["KEY", "OTHER"]})");
  EXPECT_EQ(said_by(R"(ostler.secret/1/get|KEY\nostler.meta-data/1/set|k|is a-thing-to-hide\n)"
                    R"(ostler.annotation/1/put|c|info|build|3|0|is a-thing-to-hide\n)"
                    R"(ostler.secret/1/get|OTHER)"),
            "0 [REDACTED]; 0 ; 0 ; 4 secrets: the server answered 403");
  EXPECT_EQ(server_.data.at("k"), "is [REDACTED]");
  EXPECT_THAT(said_by(R"(ostler.secret/1/protect|made-at-run-time\n)"
                      R"(ostler.meta-data/1/set|k|made-at-run-time)"),
              "0 ; 0 ");
  EXPECT_EQ(server_.data.at("k"), "[REDACTED]");
  for (const std::string& body : server_.bodies) {
    EXPECT_THAT(body, Not(HasSubstr("a-thing-to-hide")));
  }
}

TEST_F(PluginServices, TakeTheNameOfASecretFromTheConfiguration) {
  permit(R"({"secrets": [{"config": "/do"}]})");
  EXPECT_THAT(said_by("ostler.secret/1/get|call"), HasSubstr("4 secrets: the server"));
  EXPECT_THAT(said_by("ostler.secret/1/get|KEY"), HasSubstr("4 plugin.json does not ask"));
}

TEST_F(PluginServices, AnnotateTheBuildAndTheJob) {
  permit(R"({"services": ["annotation"]})");
  EXPECT_EQ(said_by(R"(ostler.annotation/1/put|tests|error|build|7|1|**two** failed\n)"
                    R"(ostler.annotation/1/remove|a/b|job\n)"
                    R"(ostler.annotation/1/put|tests|loud|build|3|0|x)"),
            "0 ; 0 ; 7 annotation style \"loud\" is not success, info, warning or error");
  const auto sent = wire::decode_annotation_request(server_.bodies.at(0)).value();
  EXPECT_EQ(sent.context, "tests");
  EXPECT_EQ(sent.change.style, model::AnnotationStyle::Error);
  EXPECT_EQ(sent.change.priority, 7);
  EXPECT_EQ(sent.change.body, "**two** failed");
  EXPECT_TRUE(sent.change.append);
  EXPECT_EQ(server_.seen.at(1), "DELETE annotations/a%2Fb?scope=job");
}

TEST_F(PluginServices, EndWithTheJobAndWorkAgainToCleanUp) {
  permit(R"({"services": ["meta-data"]})");
  server_.is_down = true;
  const auto driven = answered_calls(R"(wait\nostler.meta-data/1/get|a\nostler.meta-data/1/get|b\n)"
                                     R"(cleanup\nostler.meta-data/1/keys)");
  driven->start();
  driven->await_output("\nwaiting\n");
  driven->cancel(supervise::CancelReason::UserCancel, std::chrono::seconds(20));
  const auto begin = std::chrono::steady_clock::now();
  server_.is_down = false;
  const FinishedJob finished = driven->finish();
  EXPECT_THAT(finished.text, HasSubstr("passed: 1 the job was cancelled; 1 the job was cancelled; "
                                       "0 [\"a\",\"b\"]"));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
}

/// About the longest frame of a box, and the longest answer to one.
TEST_F(PluginServices, SayWhenACallIsTooLong) {
  permit(R"({"services": ["meta-data"]})");
  std::string script;
  for (int size = 262'050; size <= 262'120; ++size) {
    script += "ostler.meta-data/1/set|k|#" + std::to_string(size) + R"(#x\n)";
  }
  const std::string told = said_by(script);
  EXPECT_THAT(told, testing::StartsWith("0 ; 0 "));
  EXPECT_THAT(told, testing::EndsWith("7 the values of the call are longer than 256 KiB"));
  server_.keys = "[\"" + std::string(3 << 20, 'x') + "\"]";
  EXPECT_EQ(said_by("ostler.meta-data/1/keys"), "8 the answer is longer than 2 MiB");
}

TEST_F(PluginServices, HideNoMoreThanALogCanBear) {
  permit(R"({"secrets": []})");
  EXPECT_THAT(said_by("ostler.secret/1/protect|short"), HasSubstr("7 a text of less than 6 bytes"));
  constexpr const char* kTooMany = "7 the log hides 1,000 texts, or 1 MiB";
  std::string large;
  for (char letter = 'a'; letter < 'f'; ++letter) {
    large += std::string(R"(ostler.secret/1/protect|#14000#many bytes of )") + letter + R"(\n)";
  }
  EXPECT_THAT(said_by(large), testing::AllOf(StartsWith("0 ; 0 ; 0 ; 0 ; "), HasSubstr(kTooMany)));
  std::string many;
  for (int i = 0; i < 1001; ++i) {
    many += R"(ostler.secret/1/protect|text )" + std::to_string(i) + R"(\n)";
  }
  const std::string told = said_by(many);
  EXPECT_EQ(told.find(kTooMany), 1000 * std::string_view("0 ; ").size()) << told;
}

}  // namespace
}  // namespace ostler::worker
