// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <nlohmann/json.hpp>

#include "integration/worker/driven_job.hpp"
#include "support/child_program.hpp"

namespace ostler::worker {
namespace {

using nlohmann::json;
using supervise::ApiReply;
using supervise::ApiRequest;
using testing::HasSubstr;

ApiReply reply_with(std::uint16_t status, std::string body = {}) {
  ApiReply reply;
  reply.status = status;
  reply.body = std::move(body);
  return reply;
}

/// A server's meta-data, as far as one build needs it.
class MetaData {
 public:
  ApiReply answer(const ApiRequest& request) {
    uuids.push_back(request.uuid);
    const json body = json::parse(request.body, nullptr, false);
    const std::string verb = request.path.substr(request.path.rfind('/') + 1);
    if (request.method != "POST" || !request.path.starts_with("jobs/job-")) return reply_with(400);
    if (verb == "set") {
      values[body["key"]] = body["value"];
      return reply_with(200);
    }
    if (verb == "set-batch") {
      for (const json& item : body["items"]) values[item["key"]] = item["value"];
      return reply_with(204);
    }
    if (verb == "keys") {
      json keys = json::array();
      for (const auto& [key, value] : values) keys.push_back(key);
      return reply_with(200, keys.dump());
    }
    const auto found = values.find(body["key"]);
    if (verb == "exists") {
      return reply_with(200, json{{"exists", found != values.end()}}.dump());
    }
    if (found == values.end()) return reply_with(404, R"({"message":"no such key"})");
    return reply_with(200, json{{"key", found->first}, {"value", found->second}}.dump());
  }
  std::map<std::string, std::string> values;
  std::vector<std::string> uuids;
};

class JobSocket : public testing::Test {
 protected:
  FinishedJob run(const std::string& command, const DrivenJob::Variables& more = {}) {
    DrivenJob driven(command, more);
    driven.env()["OSTLER"] = support::ostler_program();
    driven.env()["BUILDKITE_BIN_PATH"] =
        std::filesystem::path(support::ostler_program()).parent_path();
    driven.answer_with([this](const ApiRequest& request) { return server_.answer(request); });
    return driven.finish();
  }
  MetaData server_;
};

TEST_F(JobSocket, CarriesMetaDataToTheServerAndBack) {
  const FinishedJob job =
      run("$OSTLER meta-data set colour 'dark red'; $OSTLER meta-data get colour\n"
          "printf 'from\\nstdin' | $OSTLER meta-data set text; $OSTLER meta-data keys");
  EXPECT_EQ(job.verdict.exit_status, 0) << job.text;
  EXPECT_THAT(job.text, HasSubstr("\ndark red\ncolour\ntext\n"));
  EXPECT_EQ(server_.values["text"], "from\nstdin");
  EXPECT_EQ(server_.uuids.size(), 4u);
  EXPECT_EQ(server_.uuids[0].size(), 36u);
}

TEST_F(JobSocket, AnswersToTheNameBuildkiteAgent) {
  EXPECT_EQ(run("buildkite-agent meta-data set a b").verdict.exit_status, 0);
  EXPECT_EQ(server_.values["a"], "b");
}

TEST_F(JobSocket, MetaDataExitsAsScriptsExpect) {
  const FinishedJob job = run(
      "set +e; $OSTLER meta-data exists a; echo absent=$?; $OSTLER meta-data set a 1; "
      "$OSTLER meta-data exists a; echo there=$?; $OSTLER meta-data get b; echo missing=$?; "
      "$OSTLER meta-data get b --default '' ; echo blank=$?; $OSTLER meta-data set ' ' x; "
      "echo key=$?; $OSTLER meta-data set x ' '; echo value=$?; $OSTLER meta-data get --wrong x; "
      "echo usage=$?");
  for (const char* line :
       {"absent=100", "there=0", "missing=1", "\n\nblank=0", "key=1", "value=1", "usage=2"}) {
    EXPECT_THAT(job.text, HasSubstr(line));
  }
  EXPECT_EQ(server_.values.size(), 1u);
}

TEST_F(JobSocket, MetaDataSetsABatchInOneCall) {
  const FinishedJob job = run("$OSTLER meta-data set-batch a=1 b=x=y 'c=it is the-secret-token'",
                              {{"MY_TOKEN", "the-secret-token"}});
  EXPECT_EQ(job.verdict.exit_status, 0) << job.text;
  EXPECT_EQ(server_.values, (std::map<std::string, std::string>{
                                {"a", "1"}, {"b", "x=y"}, {"c", "it is [REDACTED]"}}));
  EXPECT_EQ(server_.uuids.size(), 1u);
}

TEST_F(JobSocket, MetaDataSendsNoneOfABatchWithAFault) {
  const FinishedJob job =
      run("set +e; for bad in nothing '=1' ' =1' 'b=' 'b= '; do "
          "$OSTLER meta-data set-batch a=1 \"$bad\"; echo \"status=$?\"; done");
  EXPECT_EQ(job.text.find("status=0"), std::string::npos) << job.text;
  EXPECT_THAT(job.text, HasSubstr("\"nothing\" is not key=value"));
  EXPECT_TRUE(server_.uuids.empty());
}

TEST_F(JobSocket, MetaDataSetRedactsItsValue) {
  run("$OSTLER meta-data set a \"it is $MY_TOKEN\"", {{"MY_TOKEN", "the-secret-token"}});
  EXPECT_EQ(server_.values["a"], "it is [REDACTED]");
}

TEST_F(JobSocket, RefusesAWrongToken) {
  const FinishedJob job =
      run("curl -s -o /dev/null -w 'status=%{http_code}' -H 'Authorization: Bearer wrong' "
          "--unix-socket $BUILDKITE_AGENT_JOB_API_SOCKET http://job/api/current-job/v0/env");
  EXPECT_THAT(job.text, HasSubstr("status=401"));
}

TEST_F(JobSocket, IsThereForItsUserAlone) {
  const FinishedJob job = run("stat -c 'mode=%a %F' $BUILDKITE_AGENT_JOB_API_SOCKET");
  EXPECT_THAT(job.text, HasSubstr("mode=600 socket"));
}

TEST_F(JobSocket, GoesWithTheJob) {
  DrivenJob driven("true");
  driven.finish();
  EXPECT_FALSE(std::filesystem::exists(driven.job_socket()));
}

constexpr const char* kCurl =
    "call() { curl -s -H \"Authorization: Bearer $BUILDKITE_AGENT_JOB_API_TOKEN\" "
    "--unix-socket $BUILDKITE_AGENT_JOB_API_SOCKET -X $1 http://job/api/current-job/v0/$2 "
    "-d \"$3\"; echo; }\n";

TEST_F(JobSocket, HidesWhatTheCommandAddsFromThenOn) {
  const FinishedJob job = run(std::string(kCurl) +
                              "half=late; echo $half-secret; call POST redactions "
                              "'{\"redact\": \"late-'secret'\"}' >/dev/null; echo $half-secret");
  EXPECT_THAT(job.text, HasSubstr("\nlate-secret\n[REDACTED]\n"));
}

TEST_F(JobSocket, HidesTheValuesOfVariablesThatBecomeSecret) {
  const FinishedJob job =
      run(std::string(kCurl) +
          "half=fresh; call PATCH env '{\"env\":{\"A_TOKEN\":\"fresh-'value'\"}}' "
          ">/dev/null; echo $half-value");
  EXPECT_THAT(job.text, HasSubstr("\n[REDACTED]\n"));
}

TEST_F(JobSocket, GivesAndChangesTheJobsVariables) {
  const FinishedJob job = run(std::string(kCurl) +
                                  "call GET env | tr , '\\n' | grep COLOUR; "
                                  "call PATCH env '{\"env\":{\"NEW\":\"1\",\"COLOUR\":\"red\"}}'; "
                                  "call DELETE env '{\"keys\":[\"NEW\",\"NONE\"]}'; "
                                  "call PATCH env '{\"env\":{\"BUILDKITE_SHELL\":\"x\"}}'; "
                                  "call PUT nothing '{}'",
                              {{"COLOUR", "blue"}});
  EXPECT_THAT(job.text, HasSubstr("\"COLOUR\":\"blue\""));
  EXPECT_THAT(job.text, HasSubstr(R"({"added":["NEW"],"updated":["COLOUR"]})"));
  EXPECT_THAT(job.text, HasSubstr(R"({"deleted":["NEW"]})"));
  EXPECT_THAT(job.text, HasSubstr("are protected, and cannot be modified: [BUILDKITE_SHELL]"));
  EXPECT_THAT(job.text, HasSubstr("no such call"));
}

}  // namespace
}  // namespace ostler::worker
