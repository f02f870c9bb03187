// SPDX-License-Identifier: Apache-2.0
// Golden cases of plugins that ask servers: "plugin test" with recorded HTTP.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>

#include "crypto/digest.hpp"
#include "e2e/plugin_author.hpp"
#include "files/file.hpp"
#include "support/child_program.hpp"
#include "support/scripted_server.hpp"
#include "support/temp_directory.hpp"

namespace ostler::support {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

/// The plugin of the zoo, which makes the calls that its configuration has, one a line, and says
/// what each came to.
class PluginCases : public testing::Test {
 protected:
  PluginCases() {
    const fs::path built = std::getenv("OSTLER_BUILD_DIR");
    fs::copy(built / "tests/integration/plugin_host/zoo", plugin());
    fs::create_directory(cases());
    permit({{"http", {"api.example"}}, {"secrets", {"TOKEN"}}});
  }

  fs::path plugin() const { return directory_ / "zoo"; }
  fs::path cases() const { return directory_ / "cases"; }

  void permit(const json& permissions) const {
    json manifest = json::parse(files::read_file(plugin() / "plugin.json").value());
    manifest["permissions"] = permissions;
    std::ofstream(plugin() / "plugin.json") << manifest;
  }
  void write_case(const std::string& name, const std::string& calls, const json& exchanges) const {
    std::ofstream(cases() / (name + ".json")) << json{{"do", "call"}, {"path", calls}};
    std::ofstream(cases() / (name + ".http.json")) << exchanges;
  }
  ProgramResult test(std::vector<std::string> more = {}, const ProgramOptions& options = {}) const {
    std::vector<std::string> words = {ostler_program(), "plugin", "test", plugin(), cases()};
    words.insert(words.end(), more.begin(), more.end());
    return run_program(words, options);
  }
  std::string kept(const std::string& name) const {
    return files::read_file(cases() / (name + ".expected")).value();
  }

  const TempDirectory directory_;
};

const std::string kAsk = "ostler.http/1/send|GET|https://api.example";
const std::string kRead = "\nostler.http/1/read|=\nostler.http/1/read|=\nostler.http/1/close|=\n";

json answer(const std::string& body) { return {{"status", 200}, {"body", body}}; }
json asked(const std::string& path) { return {{"url", "https://api.example" + path}}; }

TEST_F(PluginCases, AnswerRequestsFromARecordInItsOrder) {
  const std::string ask = kAsk + "/a|||0|0" + kRead;
  const json late = {{"status", "timeout"}, {"message", "no byte for 30 s"}};
  write_case(
      "ask", ask + ask + ask + kAsk + "/b|||0|0\n",
      {{{"request", asked("/b")}, {"failure", late}},
       {{"request", asked("/a")}, {"response", answer("first")}},
       {{"request", asked("/a")}, {"response", {{"status", 503}}}},
       {{"request", asked("/a")},
        {"response",
         {{"status", 200}, {"headers", {{"X-Seen", "yes"}}}, {"body_base64", "YmluYXJ5"}}}}});
  EXPECT_EQ(test({"--accept"}).code, 0);
  EXPECT_THAT(kept("ask"), HasSubstr("passed: 0 200 recorded.1 ; 0 first; 0 ; 0 ; "
                                     "0 503 recorded.2 ; 0 ; 0 ; 0 ; "
                                     "0 200 recorded.3 X-Seen: yes ; 0 binary; 0 ; 0 "));
  EXPECT_THAT(kept("ask"), HasSubstr("; 2 no byte for 30 s\nexit status 0\n"));
  EXPECT_THAT(kept("ask"), Not(HasSubstr("recorded, but")));
}

TEST_F(PluginCases, ShowWhatIsNotRecordedAndWhatIsNotAsked) {
  json exchange = {{"request", asked("/a")}, {"response", answer("hello")}};
  exchange["request"]["body"] = "";
  write_case("ask", kAsk + "/a|||0|0\n", json::array({exchange}));
  EXPECT_EQ(test({"--accept"}).code, 0);
  EXPECT_EQ(test().out, "passed ask\n1 of 1 passed\n");
  exchange["request"]["body"] = "other";
  write_case("ask", kAsk + "/a|||0|0\n", json::array({exchange}));
  const auto tested = test();
  EXPECT_EQ(tested.code, 1);
  const std::string missing = "not recorded: GET https://api.example/a: the body is another";
  EXPECT_THAT(tested.out, HasSubstr("  + " + missing + "\n"));
  EXPECT_THAT(tested.out, HasSubstr("  + recorded, but not asked: GET https://api.example/a\n"));
  EXPECT_THAT(tested.out, HasSubstr("  + passed: 8 " + missing + "\n"));
}

TEST_F(PluginCases, TellProgramsWhatCameOfEach) {
  write_case("ask", kAsk + "/a|||0|0\n", {{{"request", asked("/a")}, {"response", answer("a")}}});
  const auto fresh = test({"--json"});
  EXPECT_EQ(fresh.code, 1);
  const json open = json::parse(fresh.out);
  ASSERT_EQ(open.size(), 1u);
  EXPECT_EQ(open[0]["passed"], false);
  EXPECT_EQ(open[0]["expected"], nullptr);
  EXPECT_EQ(json::parse(test({"--accept", "--json"}).out)[0]["passed"], true);
  const json passed = json::parse(test({"--json"}).out);
  EXPECT_EQ(passed[0]["case"], "ask");
  EXPECT_EQ(passed[0]["passed"], true);
  EXPECT_EQ(passed[0]["found"], kept("ask"));
}

TEST_F(PluginCases, FollowRedirectsAndRefuseHostsAsRealRequestsDo) {
  const auto redirect = [](const std::string& to) {
    return json{{"status", 302}, {"headers", {{"Location", to}}}};
  };
  write_case("hops",
             kAsk + "/a|||0|0" + kRead + kAsk + "/b|||0|0\n" +
                 "ostler.http/1/send|GET|http://api.example/|A: {secret:TOKEN}||0|0\n" +
                 "ostler.http/1/send|GET|https://other.example/|||0|0\n",
             {{{"request", asked("/a")}, {"response", redirect("/c")}},
              {{"request", asked("/b")}, {"response", redirect("https://other.example/")}},
              {{"request", asked("/c")}, {"response", answer("there")}}});
  EXPECT_EQ(test({"--accept"}).code, 0);
  const std::string refused = "4 the plugin may not ask other.example:443";
  EXPECT_THAT(kept("hops"), HasSubstr("passed: 0 200 recorded.1 ; 0 there; 0 ; 0 ; " + refused));
  EXPECT_THAT(kept("hops"),
              HasSubstr("4 a secret is not sent without TLS: http://api.example/; " + refused));
}

TEST_F(PluginCases, HaveSecretsThatAreTheirOwnNames) {
  json exchange = {{"request", asked("/a")}, {"response", answer("in")}};
  exchange["request"]["headers"] = {{"authorization", "Bearer {secret:TOKEN}"}};
  const std::string calls = kAsk + "/a|Authorization: Bearer {secret:TOKEN}||0|0\n" + kAsk +
                            "/a|A: {secret:OTHER}||0|0\nostler.secret/1/get|TOKEN\n" +
                            "ostler.secret/1/get|OTHER\n";
  write_case("secret", calls, json::array({exchange}));
  EXPECT_EQ(test({"--accept"}).code, 0);
  const std::string refused = "4 plugin.json does not ask for the secret OTHER";
  write_case("put", "ostler.secret/1/put|TOKEN|a\n", json::array());
  EXPECT_EQ(test({"--accept", "--case", "put"}).code, 0);
  EXPECT_THAT(kept("put"), HasSubstr("passed: 4 plugin.json does not ask to set the secret TOKEN"));
  EXPECT_THAT(kept("secret"), HasSubstr("passed: 0 200 recorded.1 ; " + refused));
  EXPECT_THAT(kept("secret"), HasSubstr("; 0 TOKEN; " + refused));
}

TEST_F(PluginCases, AreWrittenAsTheReadmeShows) {
  permit({{"http", {"api.example.com"}}, {"secrets", {"TOKEN"}}});
  const fs::path source = std::getenv("OSTLER_SOURCE_DIR");
  const std::string page = files::read_file(source / "sdk/README.md").value();
  const std::string begin = "```jsonc\n";
  const std::size_t at = page.find(begin) + begin.size();
  const std::string example = page.substr(at, page.find("```", at) - at);
  const std::string url = "|https://api.example.com/deploys";
  write_case("readme",
             "ostler.http/1/send|POST" + url + "|Authorization: Bearer {secret:TOKEN}|{}|0|0\n" +
                 "ostler.http/1/send|GET" + url + "/7|||0|0\n",
             json::parse(example));
  EXPECT_EQ(test({"--accept"}).code, 0);
  EXPECT_EQ(kept("readme"),
            "passed: 0 201 recorded.1 Location: /deploys/7 ; 2 no byte for 30 s\nexit status 0\n");
}

TEST_F(PluginCases, HaveAClockThatOnlySleepsMoveAndThatRunsTheSameEachTime) {
  write_case("clock", "time\nnap\ntime\nretry\ntime\nhibernate\ntime\n", json::array());
  EXPECT_EQ(test({"--accept", "--time-limit", "10"}).code, 0);
  EXPECT_THAT(kept("clock"), HasSubstr("since 1970 1767225600000000000, ticks 0\n"));
  EXPECT_THAT(kept("clock"), HasSubstr("since 1970 1767225602000000000, ticks 2000000000\n"));
  EXPECT_EQ(test().out, "passed clock\n1 of 1 passed\n");
  write_case("clock", "hibernate\ntime\nhibernate\n", json::array());
  const auto tested = test({"--time-limit", "5"});
  EXPECT_THAT(tested.out, HasSubstr("+ since 1970 1767276000000000000, ticks 50400000000000\n"));
  EXPECT_THAT(tested.out, HasSubstr("+ it was ended after 5 s\n"));
  write_case("clock", "time\n", json::array());
  EXPECT_THAT(test({"--real-time"}).out, Not(HasSubstr("+ since 1970 1767225600")));
}

const char* const kPythonAwait = R"(
def ask(step):
    try:
        with step.http(step.config('/url')) as answer:
            return str(answer.status)
    except CallFailed as failure:
        return str(failure)

def wait(step):
    begin, limit, interval = step.ticks(), step.config('/limit_s'), step.config('/interval_s')
    assert step.now() == 1767225600
    while True:
        waited, said = round(step.ticks() - begin), ask(step)
        step.log(f'{said} after {waited} s')
        if said == '200':
            step.output('waited-s', waited)
            return passed(step.config('/url') + ' is there')
        if waited + interval > limit:
            return failed('not_there', f'{said} after {waited} s', exit_status=1)
        step.sleep(interval)

run('await', '1.0.0', wait)
)";

TEST(ExampleAwait, PassesItsCasesInCppAndInPython) {
  const fs::path source = std::getenv("OSTLER_SOURCE_DIR");
  const fs::path example = source / "examples/plugins/await";
  const auto test = [&](const fs::path& plugin) {
    return run_program({ostler_program(), "plugin", "test", plugin, example / "cases"});
  };
  const Author author;
  EXPECT_EQ(test(author.build(example, "await")).out, "passed late\npassed never\n2 of 2 passed\n");
  if (!fs::exists("/usr/bin/python3")) GTEST_SKIP() << "no python3 here";
  const fs::path in_python = author / "python";
  fs::create_directory(in_python);
  const std::string program =
      files::read_file(source / "sdk/templates/python/ostler_step.py").value() + kPythonAwait;
  std::ofstream(in_python / "await.py") << program;
  json manifest = json::parse(files::read_file(example / "plugin.json").value());
  manifest["runtime"] = "exec";
  manifest["interpreter"] = {"python3", "-I", "-S"};
  manifest["library"] = "await.py";
  manifest["files"] = {{"await.py", crypto::sha256_hex(program)}};
  std::ofstream(in_python / "plugin.json") << manifest;
  EXPECT_EQ(test(in_python).out, "passed late\npassed never\n2 of 2 passed\n");
}

TEST_F(PluginCases, HaveTheServicesThatNeedNoServerAndBeginAnew) {
  permit(
      {{"services", {"lock", "metric", "report", "state", "annotation"}}, {"workspace", "read"}});
  write_case("local",
             "ostler.metric/1/count|tests|214\nostler.report/1/junit|unit|unit.xml\n"
             "ostler.state/1/set|host|live|1.2|0\nostler.lock/1/acquire|prod|0\n"
             "ostler.annotation/1/remove|a|build\n",
             json::array());
  fs::create_directory(cases() / "local.workspace");
  std::ofstream(cases() / "local.workspace/unit.xml")
      << R"(<testsuite name="s"><testcase name="a"/></testsuite>)";
  EXPECT_EQ(test({"--accept"}).code, 0);
  EXPECT_THAT(kept("local"), testing::StartsWith("metric tests = 214\nreport junit unit: 1 passed\n"
                                                 "passed: 0 ; 0 {"));
  EXPECT_THAT(kept("local"), HasSubstr("; 0 1; 0 1; 6 "));
  EXPECT_EQ(test().out, "passed local\n1 of 1 passed\n") << "the key is new each time";
}

TEST_F(PluginCases, AreRecordedFromRealServersWithoutTheValuesOfSecrets) {
  auto server = std::make_unique<ScriptedServer>(
      [](ServerRequest request) -> boost::asio::awaitable<ServerAnswer> {
        const std::string body = request.method + " " + request.headers["authorization"] +
                                 request.body + (request.target == "/bytes" ? "\xff" : "");
        co_return ServerReply{request.target == "/moved" ? 302 : 201,
                              body,
                              {{"X-New", "fresh-credential"},
                               {"X-Seen", "yes"},
                               {"Set-Cookie", "id=1"},
                               {"Location", "/" + request.body}}};
      });
  const std::string port = std::to_string(server->port());
  permit({{"http", {"127.0.0.1:" + port}}, {"secrets", {"TOKEN"}}, {"secrets_put", {"ROTATED"}}});
  const std::string send = "ostler.http/1/send|POST|http://127.0.0.1:" + port;
  write_case("new",
             send + "/a|Authorization: Bearer {secret:TOKEN}|x|0|0" + kRead + send +
                 "/moved|X-Api-Key: abc|y|0|0" + kRead + "ostler.secret/1/get|TOKEN\n" +
                 "ostler.secret/1/put|ROTATED|fresh-credential\n" + send + "/b|||0|0\n" +
                 "ostler.http/1/send|GET|http://127.0.0.1:1/|||0|0\n",
             json::array());
  write_case("old", "time\n", json::array());
  fs::remove(cases() / "old.http.json");
  const ProgramOptions real{{{"TOKEN", "value-of-token"}}, {}};
  const auto recorded = test({"--record", "--accept", "--case", "new"}, real);
  EXPECT_EQ(recorded.code, 0) << recorded.err;
  EXPECT_EQ(recorded.out, "recorded new: 4 requests\naccepted new\n1 of 1 accepted\n");
  EXPECT_FALSE(fs::exists(cases() / "old.expected"));
  const std::string record = files::read_file(cases() / "new.http.json").value();
  EXPECT_THAT(record, HasSubstr("\"Authorization\": \"Bearer {secret:TOKEN}\""));
  EXPECT_THAT(record, HasSubstr("\"X-Seen\": \"yes\""));
  for (const char* absent :
       {"value-of-token", "fresh-credential", "Cookie", "X-Api-Key", "Content-Length"}) {
    EXPECT_THAT(record, Not(HasSubstr(absent)));
  }
  const auto without = test({"--record", "--case", "new"});
  EXPECT_EQ(without.err,
            "ostler: new: nothing is recorded: no variable TOKEN: give it the value of "
            "the secret\n");
  EXPECT_EQ(files::read_file(cases() / "new.http.json").value(), record);
  server.reset();
  EXPECT_EQ(test({"--case", "new"}).out, "passed new\n1 of 1 passed\n");
  EXPECT_THAT(kept("new"),
              HasSubstr("passed: 0 201 recorded.1 Location: /x X-New: ROTATED X-Seen: yes ; "
                        "0 POST Bearer TOKENx; 0 ; 0 ; 0 201 "));
  EXPECT_THAT(kept("new"), HasSubstr("; 0 GET ; 0 ; 0 ; 0 TOKEN; 0 ; 0 201"));
  EXPECT_EQ(test({"--record", "--case", "absent"}).err, "ostler: there is no case absent\n");
}

TEST_F(PluginCases, RecordEachHopOfARedirect) {
  std::vector<std::string> seen;
  const auto answer = [&seen](ServerRequest request) -> boost::asio::awaitable<ServerAnswer> {
    seen.push_back(request.method + request.target + " " + request.headers["authorization"]);
    if (request.target == "/a") co_return ServerReply{307, "gone", {{"Location", "/b"}}};
    if (request.target == "/b") co_return ServerReply{303, "", {{"Location", "/c?d=1"}}};
    if (request.target == "/out") {
      co_return ServerReply{302, "", {{"Location", "http://elsewhere.example/"}}};
    }
    co_return ServerReply{200, "there"};
  };
  auto server = std::make_unique<ScriptedServer>(answer);
  const std::string host = "127.0.0.1:" + std::to_string(server->port());
  permit({{"http", {host}}, {"secrets", {"TOKEN"}}});
  const std::string send = "|http://" + host;
  write_case("hops",
             "ostler.http/1/send|POST" + send + "/a|Authorization: {secret:TOKEN}|x|9000|0" +
                 kRead + "ostler.http/1/send|GET" + send + "/out|||0|0\n",
             json::array());
  const auto recorded = test({"--record", "--accept"}, {{{"TOKEN", "value-of-token"}}, {}});
  EXPECT_EQ(recorded.out, "recorded hops: 4 requests\naccepted hops\n1 of 1 accepted\n")
      << recorded.err;
  const json record = json::parse(files::read_file(cases() / "hops.http.json").value());
  EXPECT_EQ(record[0]["response"]["headers"]["Location"], "/b") << record.dump(1);
  EXPECT_EQ(record[1]["request"]["method"], "POST");
  EXPECT_EQ(record[2]["request"]["url"], "http://" + host + "/c?d=1");
  EXPECT_EQ(record[2]["request"]["headers"]["Authorization"], "{secret:TOKEN}");
  EXPECT_EQ(record[2]["response"]["body"], "there");
  server.reset();  // and its thread
  EXPECT_THAT(seen, testing::ElementsAre("POST/a value-of-token", "POST/b value-of-token",
                                         "GET/c?d=1 value-of-token", "GET/out "));
  EXPECT_EQ(test().out, "passed hops\n1 of 1 passed\n");
  EXPECT_THAT(kept("hops"), HasSubstr("passed: 0 200 recorded.1 ; 0 there; 0 ; 0 ; "
                                      "4 the plugin may not ask elsewhere.example:80"));
}

TEST_F(PluginCases, RecordABodyFromAFileByItsDigest) {
  auto server = std::make_unique<ScriptedServer>(
      [](ServerRequest request) -> boost::asio::awaitable<ServerAnswer> {
        if (request.target == "/a") co_return ServerReply{307, "", {{"Location", "/b"}}};
        if (request.target == "/b") co_return ServerReply{303, "", {{"Location", "/c"}}};
        co_return ServerReply{200, request.method + request.body};
      });
  const std::string host = "127.0.0.1:" + std::to_string(server->port());
  permit({{"workspace", "read"}, {"http", {host}}});
  write_case("file", "ostler.http/1/send|PUT|http://" + host + "/a|||0|0|app" + kRead,
             json::array());
  fs::create_directory(cases() / "file.workspace");
  std::ofstream(cases() / "file.workspace/app") << "content";
  EXPECT_EQ(test({"--record", "--accept"}).out,
            "recorded file: 3 requests\naccepted file\n1 of 1 accepted\n");
  const json record = json::parse(files::read_file(cases() / "file.http.json").value());
  for (std::size_t hop = 0; hop < 2; ++hop) {
    EXPECT_EQ(record[hop]["request"]["body_sha256"], crypto::sha256_hex("content"));
    EXPECT_FALSE(record[hop]["request"].contains("body"));
  }
  EXPECT_FALSE(record[2]["request"].contains("body_sha256"));
  server.reset();
  EXPECT_EQ(test().out, "passed file\n1 of 1 passed\n");
  std::ofstream(cases() / "file.workspace/app") << "another";
  EXPECT_THAT(test().out, HasSubstr("/a: the body is another"));
}

TEST_F(PluginCases, RecordHowAServerFails) {
  auto silent = std::make_unique<ScriptedServer>(
      [](ServerRequest request) -> boost::asio::awaitable<ServerAnswer> {
        if (request.target == "/reset") co_return ResetReply{};
        if (request.target == "/bytes") co_return ServerReply{200, "\xff\xfe"};
        co_return SilentReply{};
      });
  const std::string port = std::to_string(silent->port());
  permit({{"http", {"127.0.0.1:" + port}}});
  const std::string send = "ostler.http/1/send|GET|http://127.0.0.1:" + port;
  write_case("fails", send + "/reset|||0|0\n" + send + "/silent|||50|0\n" + send + "/bytes|||0|0\n",
             json::array());
  EXPECT_THAT(test({"--record", "--accept"}).out, HasSubstr("recorded fails: 3 requests\n"));
  const json record = json::parse(files::read_file(cases() / "fails.http.json").value());
  EXPECT_EQ(record[0]["failure"]["status"], "unavailable");
  EXPECT_EQ(record[1]["failure"]["status"], "timeout");
  EXPECT_EQ(record[2]["response"]["body"], "");  // the plugin has read none of it
  EXPECT_THAT(kept("fails"), HasSubstr("passed: 6 "));
  write_case("fails", send + "/silent|||0|0\n", json::array());
  const auto late = test({"--record", "--time-limit", "1"});
  EXPECT_EQ(late.code, 1);
  EXPECT_THAT(late.err, HasSubstr("fails: nothing is recorded, it was ended after 1 s"));
}

TEST_F(PluginCases, NameTheFaultOfARecord) {
  json exchange = {{"request", asked("/a")}};
  write_case("ask", "", json::array({exchange}));
  EXPECT_THAT(test().err, HasSubstr("ask.http.json: /0: either response or failure is needed"));
  exchange["response"] = {{"status", 200}, {"boddy", ""}};
  write_case("ask", "", json::array({exchange}));
  EXPECT_THAT(test().err, HasSubstr("/0: response/boddy: no such key, did you mean \"body\"?"));
  exchange["response"] = {{"status", 99}};
  write_case("ask", "", json::array({exchange}));
  EXPECT_THAT(test().err, HasSubstr("/0: status is no number from 200 to 599"));
}

}  // namespace
}  // namespace ostler::support
