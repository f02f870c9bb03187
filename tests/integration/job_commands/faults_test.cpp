// SPDX-License-Identifier: Apache-2.0
// Each command of a job, run as a program through the job socket and over HTTP, against each thing
// that can go wrong with its call: exit code, words, whether it is tried again and how soon.
// Source: agent-api 1.4, 1.7, 2.0.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "files/file.hpp"
#include "integration/job_commands/command_run.hpp"

namespace ostler::job_commands {
namespace {

using support::RawReply;
using support::ResetReply;
using support::ServerAnswer;
using support::ServerReply;
using support::ServerRequest;
using testing::HasSubstr;
using testing::StartsWith;

/// After which failures a call is made again.
enum class Rule {
  Standard,         ///< lost answers, 429, 500 and above
  NotRefusedToken,  ///< all but 401 and 404
  Always,
};

struct CommandRow {
  const char* name;
  std::vector<std::string> words;
  const char* call;  ///< the one that meets the fault: how "METHOD target" begins
  Rule rule;
  std::size_t attempts;
  long least;  ///< of the first wait, in milliseconds
  long most;
  bool reads_answer;  ///< a good status with a body of no use is as a lost answer
  CommandServer::Answer good;
  const char* prints = "";
};

void PrintTo(const CommandRow& row, std::ostream* out) { *out << row.name; }

ServerReply empty_object(const ServerRequest&, const std::string&) { return {200, "{}"}; }

/// Takes artifacts whose bytes go to itself.
ServerReply take_artifacts(const ServerRequest& request, const std::string& url) {
  if (request.target.starts_with("/store")) return {200, "", {{"ETag", "e"}}};
  if (request.method == "PUT") return {200, "{}"};
  return {200, R"({"id":"b","artifact_ids":["a"],"per_artifact_instructions":{"a":{"actions":[)"
               R"({"url":")" +
                   url + R"(/store","method":"PUT","part_number":1}]}}})"};
}

const CommandRow kCommands[] = {
    {"annotate",
     {"annotate", "text"},
     "POST jobs/j/annotations",
     Rule::Standard,
     5,
     1000,
     2000,
     false,
     empty_object},
    {"annotation remove",
     {"annotation", "remove"},
     "DELETE jobs/j/annotations/",
     Rule::Standard,
     5,
     1000,
     2000,
     false,
     empty_object},
    {"meta-data set",
     {"meta-data", "set", "k", "v"},
     "POST jobs/j/data/set",
     Rule::Standard,
     10,
     2000,
     2000,
     false,
     empty_object},
    {"meta-data set-batch",
     {"meta-data", "set-batch", "k=v"},
     "POST jobs/j/data/set-batch",
     Rule::NotRefusedToken,
     10,
     2000,
     2000,
     false,
     empty_object},
    {"meta-data get",
     {"meta-data", "get", "k"},
     "POST jobs/j/data/get",
     Rule::Standard,
     10,
     5000,
     5000,
     true,
     [](const ServerRequest&, const std::string&) {
       return ServerReply{200, R"({"key":"k","value":"v"})"};
     },
     "v\n"},
    {"meta-data exists",
     {"meta-data", "exists", "k"},
     "POST jobs/j/data/exists",
     Rule::Standard,
     10,
     5000,
     5000,
     true,
     [](const ServerRequest&, const std::string&) {
       return ServerReply{200, R"({"exists":true})"};
     }},
    {"meta-data keys",
     {"meta-data", "keys"},
     "POST jobs/j/data/keys",
     Rule::Standard,
     10,
     5000,
     5000,
     true,
     [](const ServerRequest&, const std::string&) { return ServerReply{200, R"(["k"])"}; },
     "k\n"},
    {"step get",
     {"step", "get", "label"},
     "POST steps/s/export",
     Rule::Standard,
     10,
     5000,
     5000,
     true,
     [](const ServerRequest&, const std::string&) { return ServerReply{200, R"({"output":"L"})"}; },
     "L\n"},
    {"step update",
     {"step", "update", "label", "x"},
     "PUT steps/s",
     Rule::Standard,
     10,
     5000,
     5000,
     false,
     empty_object},
    {"step cancel",
     {"step", "cancel"},
     "POST steps/s/cancel",
     Rule::Standard,
     10,
     5000,
     5000,
     false,
     empty_object},
    {"build cancel",
     {"build", "cancel"},
     "POST builds/b/cancel",
     Rule::Standard,
     5,
     1000,
     2000,
     false,
     empty_object},
    {"job update",
     {"job", "update", "timeout", "5"},
     "PUT jobs/j",
     Rule::Standard,
     10,
     2000,
     2000,
     false,
     empty_object},
    {"pause", {"pause"}, "POST pause", Rule::Standard, 5, 1000, 2000, false, empty_object},
    {"resume", {"resume"}, "POST resume", Rule::Standard, 5, 1000, 2000, false, empty_object},
    {"stop", {"stop"}, "POST stop", Rule::Standard, 5, 1000, 2000, false, empty_object},
    {"oidc request-token",
     {"oidc", "request-token", "--skip-redaction"},
     "POST jobs/j/oidc/tokens",
     Rule::Standard,
     5,
     1000,
     1000,
     true,
     [](const ServerRequest&, const std::string&) { return ServerReply{200, R"({"token":"t"})"}; },
     "t\n"},
    {"secret get",
     {"secret", "get", "k", "--skip-redaction"},
     "GET jobs/j/secrets",
     Rule::Standard,
     3,
     0,
     6000,
     true,
     [](const ServerRequest&, const std::string&) {
       return ServerReply{200, R"({"key":"k","value":"v","uuid":"u"})"};
     },
     "v\n"},
    {"pipeline upload",
     {"pipeline", "upload", "file"},
     "POST jobs/j/pipelines",
     Rule::Standard,
     60,
     5000,
     5000,
     false,
     empty_object},
    {"artifact search",
     {"artifact", "search", "*"},
     "GET builds/b/artifacts/search",
     Rule::Always,
     10,
     5000,
     5000,
     true,
     [](const ServerRequest&, const std::string&) {
       return ServerReply{200, R"([{"id":"a","path":"p","job_id":"j","created_at":null}])"};
     },
     "j p \n"},
    {"artifact upload, declaring",
     {"artifact", "upload", "file"},
     "POST jobs/j/artifacts",
     Rule::Standard,
     10,
     500,
     500,
     true,
     take_artifacts},
    {"artifact upload, reporting",
     {"artifact", "upload", "file"},
     "PUT jobs/j/artifacts",
     Rule::Always,
     10,
     500,
     500,
     false,
     take_artifacts},
};

struct FaultRow {
  const char* name;
  int status;  ///< 0: no answer of use came
  ServerAnswer answer;
};

ServerReply refusal(int status) { return {status, R"({"message":"no\nway"})"}; }

const FaultRow kFaults[] = {
    {"Reset", 0, ResetReply()},  // also an answer that is lost after the call was obeyed
    {"CutInTheMiddle", 0, RawReply{"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{\"key\":"}},
    {"Garbage", 0, RawReply{"\x01\x02 no\r\n\r\n"}},
    {"Unauthorized", 401, refusal(401)},
    {"NotFound", 404, refusal(404)},
    {"Conflict", 409, refusal(409)},
    {"Unprocessable", 422, refusal(422)},
    {"TooMany", 429, ServerReply{429, "", {{"Retry-After", "77"}}}},
    {"Broken", 500, ServerReply{500, ""}},
    {"BadGatewayInHtml", 502, ServerReply{502, "<html>\n<body>bad gateway</body></html>"}},
    {"LoginPage", 200, ServerReply{200, "<html>log in</html>"}},
    {"NoContent", 204, ServerReply{204, ""}},
    {"WrongTypes", 200,
     ServerReply{200, R"({"key":1,"value":[],"exists":"yes","output":{},"token":7,"id":8})"}},
};

bool is_good(const CommandRow& command, const FaultRow& fault) {
  return (fault.status == 200 || fault.status == 204) && !command.reads_answer;
}

bool is_tried_again(const CommandRow& command, const FaultRow& fault) {
  if (command.rule == Rule::Always) return true;
  if (command.rule == Rule::NotRefusedToken) return fault.status != 401 && fault.status != 404;
  return fault.status < 300 || fault.status == 429 || fault.status >= 500;
}

std::vector<std::string> lines_with(const std::string& text, const std::string& part) {
  std::istringstream all(text);
  std::vector<std::string> found;
  for (std::string line; std::getline(all, line);) {
    if (line.find(part) != std::string::npos) found.push_back(line);
  }
  return found;
}

constexpr const char* kAgain = "trying again";

class CommandFaults : public testing::TestWithParam<std::tuple<Way, CommandRow>> {
 protected:
  CommandFaults() {
    EXPECT_TRUE(
        files::write_file_atomically(server_.directory() / "file", "steps: [{command: echo}]"));
  }
  const CommandRow& command() const { return std::get<CommandRow>(GetParam()); }
  CommandRun run(const FaultRow& fault, std::size_t times) {
    server_.line_up(command().call, std::deque<ServerAnswer>(times, fault.answer), command().good);
    return server_.run(command().words);
  }

  void expect_healed(const CommandRun& run, std::size_t faults) {
    EXPECT_EQ(run.result.code, 0) << run.result.err;
    EXPECT_EQ(run.result.out, command().prints);
    EXPECT_EQ(server_.calls(), static_cast<int>(faults) + 1);
    ASSERT_LE(run.sleeps.size(), faults);
    // A connection that was kept and is reset is replaced by the HTTP client, at once.
    ASSERT_GE(run.sleeps.size() + 1, faults);
    EXPECT_GE(run.sleeps[0], command().least) << "Retry-After is for other calls";
    EXPECT_LE(run.sleeps[0], command().most);
    EXPECT_EQ(lines_with(run.result.err, kAgain).size(), 1u) << run.result.err;
  }

  void expect_refused(const CommandRun& run, const FaultRow& fault) {
    EXPECT_EQ(run.result.code, 1);
    EXPECT_EQ(run.result.out, "");
    EXPECT_EQ(server_.calls(), 1);
    EXPECT_EQ(run.sleeps.size(), 0u);
    const auto said = lines_with(run.result.err, "ostler: ");
    ASSERT_EQ(said.size(), 1u) << run.result.err;
    if (fault.status == 404 && command().name == std::string("meta-data get")) {
      EXPECT_THAT(said[0], HasSubstr("no key"));
      return;
    }
    EXPECT_THAT(said[0], HasSubstr("the server answered " + std::to_string(fault.status)));
    EXPECT_THAT(said[0], HasSubstr("no way"));
  }

  CommandServer server_{std::get<Way>(GetParam())};
};

TEST_P(CommandFaults, AreMetAsTheReferenceSays) {
  for (const FaultRow& fault : kFaults) {
    SCOPED_TRACE(fault.name);
    const std::size_t times = std::min<std::size_t>(3, command().attempts - 1);
    const CommandRun end = run(fault, times);
    if (is_good(command(), fault)) {
      EXPECT_EQ(end.result.code, 0) << end.result.err;
      EXPECT_EQ(server_.calls(), 1);
    } else if (is_tried_again(command(), fault)) {
      expect_healed(end, times);
    } else {
      expect_refused(end, fault);
    }
  }
}

TEST_P(CommandFaults, EndTheCommandWhenItsAttemptsAreUsed) {
  const FaultRow broken{"Broken", 500, ServerReply{500, R"({"message":"on fire"})"}};
  const CommandRun end = run(broken, 1000);
  EXPECT_EQ(end.result.code, 1);
  EXPECT_EQ(end.result.out, "");
  EXPECT_EQ(static_cast<std::size_t>(server_.calls()), command().attempts);
  EXPECT_EQ(end.sleeps.size(), command().attempts - 1);
  EXPECT_EQ(lines_with(end.result.err, "the server answered 500 (on fire)").size(), 1u)
      << end.result.err;
  EXPECT_EQ(lines_with(end.result.err, kAgain).size(), 1u) << end.result.err;
}

TEST_P(CommandFaults, OfAServerThatNobodyHearsAreSaid) {
  if (command().call == std::string("PUT jobs/j/artifacts")) GTEST_SKIP() << "is its second call";
  server_.vanish();
  const CommandRun end = server_.run(command().words);
  EXPECT_EQ(end.result.code, 1);
  EXPECT_EQ(end.result.out, "");
  EXPECT_EQ(end.sleeps.size(), command().attempts - 1);
  EXPECT_EQ(lines_with(end.result.err, kAgain).size(), 1u) << end.result.err;
  const auto said = lines_with(end.result.err, "ostler: ");
  ASSERT_FALSE(said.empty());
  EXPECT_THAT(said.back(), HasSubstr("onnect")) << "connection refused, or connect: no such file";
}

TEST(TimeLeft, IsToldWithTheFirstFourAttemptsToDeclareAndToReportArtifacts) {
  CommandServer server(Way::Http);
  ASSERT_TRUE(files::write_file_atomically(server.directory() / "file", "x"));
  for (const auto& [call, told] :
       {std::pair("POST jobs/j/artifacts", "10000"), std::pair("PUT jobs/j/artifacts", "5000")}) {
    server.line_up(call, std::deque<ServerAnswer>(5, ServerReply{500, ""}), take_artifacts);
    const CommandRun end = server.run({"artifact", "upload", "file"});
    EXPECT_EQ(end.result.code, 0) << end.result.err;
    EXPECT_THAT(server.headers("buildkite-timeout-milliseconds"),
                testing::ElementsAre(told, told, told, told, "", ""));
  }
  server.line_up("POST jobs/j/data/get", {}, empty_object);
  server.run({"meta-data", "get", "k"});
  EXPECT_EQ(server.headers("buildkite-timeout-milliseconds")[0], "");
}

INSTANTIATE_TEST_SUITE_P(Each, CommandFaults,
                         testing::Combine(testing::Values(Way::Http, Way::JobSocket),
                                          testing::ValuesIn(kCommands)),
                         [](const auto& info) {
                           std::string name = std::get<CommandRow>(info.param).name;
                           std::erase_if(name, [](char c) { return !std::isalpha(c); });
                           const bool by_socket = std::get<Way>(info.param) == Way::JobSocket;
                           return name + (by_socket ? "ThroughTheSocket" : "OverHttp");
                         });

}  // namespace
}  // namespace ostler::job_commands
