// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "integration/worker/driven_job.hpp"
#include "support/child_program.hpp"

namespace ostler::worker {
namespace {

using nlohmann::json;
using supervise::ApiReply;
using supervise::ApiRequest;
using testing::HasSubstr;
using testing::Not;

ApiReply secrets_reply(std::uint16_t status, std::string body) {
  ApiReply reply;
  reply.status = status;
  reply.body = std::move(body);
  return reply;
}

/// A server with two secrets that signs tokens.
ApiReply answer(const ApiRequest& request, std::string& asked) {
  asked =
      request.method + " " + request.path.substr(request.path.find('/', 5)) + " " + request.body;
  const auto secret = [](const char* key, const char* value) {
    return secrets_reply(200, json{{"key", key}, {"value", value}, {"uuid", "u"}}.dump());
  };
  if (request.path.ends_with("secrets?key=one")) return secret("one", "first-value");
  if (request.path.ends_with("secrets?key=Two")) return secret("Two", "it's second");
  if (request.path.ends_with("oidc/tokens")) return secrets_reply(200, R"({"token":"aa.bb.cc"})");
  return secrets_reply(404, R"({"message":"none such"})");
}

class SecretCommands : public testing::Test {
 protected:
  FinishedJob run(const std::string& command, const DrivenJob::Variables& more = {}) {
    DrivenJob driven("set +e\n" + command, more);
    driven.env()["BUILDKITE_BIN_PATH"] =
        std::filesystem::path(support::ostler_program()).parent_path();
    driven.answer_with([this](const ApiRequest& request) { return answer(request, asked_); });
    return driven.finish();
  }
  std::string asked_;
};

TEST_F(SecretCommands, EnvShowsAndChangesTheJobsVariables) {
  const FinishedJob job = run(
      "ostler env set COLOUR=red SHAPE='a=b c'; printf 'SIZE=1\\nSIZE=2\\n' | ostler env set -\n"
      "ostler env get COLOUR; ostler env get SHAPE SIZE; ostler env get NONE; echo none=$?\n"
      "ostler env set --input-format json --output-format json '{\"COLOUR\":\"blue\"}'\n"
      "ostler env get --format json COLOUR SIZE; ostler env unset SHAPE NONE\n"
      "ostler env unset --output-format json SIZE; ostler env unset SIZE\n"
      "ostler env set --output-format quiet A=1; echo quiet=$?; ostler env get | grep ^COLOUR=");
  EXPECT_THAT(job.text, HasSubstr("Added:\n+ COLOUR\n+ SHAPE\nAdded:\n+ SIZE\n"));
  EXPECT_THAT(job.text, HasSubstr("\nred\nSHAPE=a=b c\nSIZE=2\n"));
  EXPECT_THAT(job.text, HasSubstr("none=1"));
  EXPECT_THAT(job.text, HasSubstr(R"({"added":[],"updated":["COLOUR"]})"));
  EXPECT_THAT(job.text, HasSubstr(R"({"COLOUR":"blue","SIZE":"2"})"));
  EXPECT_THAT(job.text, HasSubstr("Unset:\n- SHAPE\n[\"SIZE\"]\nNo variables unset.\n"));
  EXPECT_THAT(job.text, HasSubstr("\nquiet=0\nCOLOUR=blue\n"));
}

TEST_F(SecretCommands, EnvRefusesWhatItCannotDo) {
  const FinishedJob job = run(
      "ostler env set BUILDKITE_SHELL=x; echo protected=$?; ostler env set nothing; echo plain=$?\n"
      "ostler env set --input-format json '{\"A\":1}'; echo json=$?\n"
      "ostler env set --input-format yaml A=1; echo input=$?; ostler env get --format x; echo "
      "output=$?\n"
      "env -u BUILDKITE_AGENT_JOB_API_SOCKET ostler env get; echo outside=$?");
  for (const char* line : {"protected=1", "plain=1", "json=1", "input=1", "output=1", "outside=1",
                           "are protected, and cannot be modified: [BUILDKITE_SHELL]"}) {
    EXPECT_THAT(job.text, HasSubstr(line));
  }
}

TEST_F(SecretCommands, EnvDumpPrintsTheProcessesOwnVariables) {
  const FinishedJob job =
      run("env -i PATH=$PATH A='x\"y' ostler env dump; env -i PATH=/p A=1 $(command -v ostler) env "
          "dump --format json-pretty");
  EXPECT_THAT(job.text, HasSubstr(R"({"A":"x\"y","PATH":)"));
  EXPECT_THAT(job.text, HasSubstr("{\n  \"A\": \"1\",\n  \"PATH\": \"/p\"\n}"));
}

TEST_F(SecretCommands, RedactorAddHidesWhatItIsGiven) {
  const FinishedJob job = run(
      "a=plain; b=file; c=deep; d=other\n"
      "printf \"  $a-secret\\n\" | ostler redactor add; echo 1 $a-secret.\n"
      "echo $b-secret > s; ostler redactor add s; echo 2 $b-secret.\n"
      "echo \"{\\\"k\\\":\\\"$c-secret\\\"}\" | ostler redactor add --format json; echo 3 "
      "$c-secret.\n"
      "echo \"{\\\"A_TOKEN\\\":\\\"$d-secret\\\",\\\"k\\\":\\\"shown-$d\\\"}\" | ostler redactor "
      "add "
      "--format json --apply-vars-filter; echo 4 $d-secret. shown-$d.\n"
      "echo '{\"a\":1}' | ostler redactor add --format json; echo bad=$?\n"
      "ostler redactor add no-such-file; echo missing=$?; echo x | ostler redactor add --format "
      "xml; echo format=$?");
  for (const char* line : {"1 [REDACTED].", "2 [REDACTED].", "3 [REDACTED].",
                           "4 [REDACTED]. shown-other.", "bad=1", "missing=1", "format=1"}) {
    EXPECT_THAT(job.text, HasSubstr(line));
  }
}

TEST_F(SecretCommands, SecretGetPrintsForTheProgramAndHidesFromTheLog) {
  const FinishedJob job = run(
      "value=$(ostler secret get one); echo length=${#value}; echo value=$value.\n"
      "ostler secret get one Two > both; cat both | tr a-z A-Z; ostler secret get --format env one "
      "Two > env; . ./env; echo lengths=${#ONE},${#TWO}\n"
      "ostler secret get --format json one > json; cat json | tr a-z A-Z");
  EXPECT_THAT(job.text, HasSubstr("length=11\nvalue=[REDACTED].\n"));
  EXPECT_THAT(job.text, HasSubstr(R"({"TWO":"IT'S SECOND","ONE":"FIRST-VALUE"})"));
  EXPECT_THAT(job.text, HasSubstr("lengths=11,11\n"));
  EXPECT_THAT(job.text, HasSubstr(R"({"ONE":"FIRST-VALUE"})"));
}

TEST_F(SecretCommands, SecretGetPrintsAllOrNothing) {
  const FinishedJob job =
      run("ostler secret get one three four; echo failed=$?; ostler secret get; echo none=$?\n"
          "ostler secret get --format yaml one; echo format=$?");
  EXPECT_THAT(job.text, HasSubstr("three: the server answered 404 (none such); four: "));
  EXPECT_THAT(job.text, HasSubstr("failed=1"));
  EXPECT_THAT(job.text, HasSubstr("none=1"));
  EXPECT_THAT(job.text, HasSubstr("format=1"));
  EXPECT_THAT(job.text, Not(HasSubstr("first-value")));
}

TEST_F(SecretCommands, OidcRequestTokenPrintsForTheProgramAndHidesFromTheLog) {
  const FinishedJob job =
      run("token=$(ostler oidc request-token --audience sts --lifetime 60 --claim a,b --claim c "
          "--aws-session-tag t --subject-claim s); echo length=${#token} $token.\n"
          "ostler oidc request-token --format gcp | tr a-z A-Z\n"
          "ostler oidc request-token --lifetime -1; echo lifetime=$?\n"
          "ostler oidc request-token --format x; echo format=$?");
  EXPECT_THAT(job.text, HasSubstr("length=8 [REDACTED].\n"));
  EXPECT_THAT(job.text,
              HasSubstr(R"({"ID_TOKEN":"AA.BB.CC","SUCCESS":TRUE,"TOKEN_TYPE":"URN:IETF:PARAMS:)"));
  EXPECT_THAT(job.text, HasSubstr("lifetime=1"));
  EXPECT_THAT(job.text, HasSubstr("format=1"));
}

TEST_F(SecretCommands, OidcRequestTokenAsksForWhatItIsTold) {
  run("ostler oidc request-token --audience sts --lifetime 60 --claim a,b --claim c "
      "--aws-session-tag t --subject-claim s");
  EXPECT_THAT(asked_,
              HasSubstr(R"({"audience":"sts","aws_session_tags":["t"],"claims":["a","b","c"],)"
                        R"("lifetime":60,"subject_claim":"s"})"));
}

}  // namespace
}  // namespace ostler::worker
