// SPDX-License-Identifier: Apache-2.0
// `ostler up`, `down`, `login` and `whoami` as a person uses them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "files/file.hpp"
#include "support/agent_process.hpp"
#include "support/child_program.hpp"
#include "support/running_hub.hpp"
#include "support/temp_directory.hpp"
#include "support/test_certificate.hpp"
#include "support/wait_until.hpp"

namespace ostler {
namespace {

using namespace std::chrono_literals;
using support::ChildProgram;
using support::run_program;
using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kUpAt = "Ostler is up at ";

/// A person's home directory, and the hub that is up in it.
class Home : public support::RunningHub {
 public:
  explicit Home(const std::filesystem::path& home)
      : RunningHub(home / ".local/state/ostler/hub", "acme"), home_(home) {}

  support::ProgramOptions person() const {
    return {.environment = {{"HOME", home_.string()},
                            {"XDG_STATE_HOME", ""},
                            {"XDG_CONFIG_HOME", ""},
                            {"OSTLER_URL", ""},
                            {"OSTLER_API_TOKEN", ""}},
            .directory = home_};
  }
  std::filesystem::path client_file() const { return home_ / ".config/ostler/client.json"; }

  support::ProgramResult ostler(std::vector<std::string> words) const {
    words.insert(words.begin(), support::ostler_program());
    return run_program(words, person());
  }
  /// Starts `ostler up` in the foreground and waits until it says where.
  ChildProgram up(const std::string& listen = "127.0.0.1:0", std::vector<std::string> more = {},
                  const std::map<std::string, std::string>& environment = {}) {
    more.insert(more.begin(), {support::ostler_program(), "up", "--org", "acme", "--spawn", "1",
                               "--listen", listen});
    auto options = person();
    options.environment.insert(environment.begin(), environment.end());
    ChildProgram program(more, home_, options);
    EXPECT_TRUE(support::wait_until(30s, [&] { return note_url(program.out()); })) << program.err();
    return program;
  }
  /// Reads the address off what `up` says. False when it is not there yet.
  bool note_url(const std::string& said) {
    const auto at = said.find(kUpAt);
    if (at == said.npos || said.find("\n\n", at) == said.npos) return false;
    const auto start = at + kUpAt.size();
    url_ = said.substr(start, said.find('\n', start) - start);
    return true;
  }
  std::string address() const { return url().substr(std::string_view("http://").size()); }

  /// Begins a build of one command; returns its number.
  int build_of(const std::string& name, const std::string& command) {
    pipeline_ = make_pipeline(name, "steps:\n  - command: '" + command + "'\n");
    return make_build(pipeline_, {{"BUILDKITE_SKIP_CHECKOUT", "true"}});
  }
  std::string state_after(int number) {
    const auto build = finished_build(pipeline_, number, 60s);
    return build ? build->at("state").get<std::string>() : "unfinished";
  }
  /// The session of the process that is up.
  pid_t session() const {
    const auto holder = files::read_file(home_ / ".local/state/ostler/up.lock", 64);
    return holder ? ::getsid(std::stoi(holder.value())) : -1;
  }
  bool runs(int number) { return build(pipeline_, number)["state"] == "running"; }

 private:
  std::filesystem::path home_;
  std::string pipeline_;
};

class Up : public testing::Test {
 protected:
  support::TempDirectory directory_;
  Home home_{directory_.path()};
};

TEST_F(Up, MakesAMachineACiSystem) {
  auto program = home_.up();
  EXPECT_EQ(home_.state_after(home_.build_of("one", "echo built")), "passed");
  EXPECT_THAT(program.out(), HasSubstr("organization  acme"));
  EXPECT_THAT(program.out(), Not(HasSubstr("WARNING"))) << "nobody else can hear it";
  EXPECT_THAT(program.out(), HasSubstr(" buildkite-agent start --endpoint " + home_.endpoint()));

  struct stat found{};
  ASSERT_EQ(::stat(home_.client_file().c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0600u);
  const auto who = home_.ostler({"whoami", "--json"});
  EXPECT_EQ(who.code, 0) << who.err;
  EXPECT_EQ(nlohmann::json::parse(who.out)["url"], home_.url());

  const auto second = home_.ostler({"up"});
  EXPECT_EQ(second.code, 1);
  EXPECT_THAT(second.err, HasSubstr("\"ostler down\""));
  program.signal(SIGINT);
  EXPECT_EQ(program.wait(20s), 0) << program.err();
}

TEST_F(Up, ServesHttpsWithACertificate) {
  const auto files = support::make_certificate(directory_.path());
  EXPECT_NE(home_.ostler({"up", "--tls-cert", files.certificate.string()}).code, 0);
  const auto broken = home_.ostler({"hub", "--listen", "127.0.0.1:0", "--tls-cert",
                                    files.key.string(), "--tls-key", files.key.string()});
  EXPECT_EQ(broken.code, 2);
  EXPECT_THAT(broken.err, HasSubstr("not a usable certificate"));

  ::setenv("SSL_CERT_FILE", files.certificate.c_str(), 1);
  auto program = home_.up(
      "127.0.0.1:0", {"--tls-cert", files.certificate.string(), "--tls-key", files.key.string()});
  EXPECT_THAT(home_.url(), testing::StartsWith("https://127.0.0.1:"));
  const std::string command =
      "set -e; head -c 3000000 /dev/zero > large; ostler artifact upload large; mkdir back; "
      "ostler artifact download large back; cmp large back/large; seq 100000";
  EXPECT_EQ(home_.state_after(home_.build_of("one", command)), "passed") << program.err();
  EXPECT_TRUE(support::plain_log(home_.log("one", 1)).ends_with("\n99999\n100000\n"));
  EXPECT_EQ(home_.ostler({"whoami"}).code, 0);
  ::unsetenv("SSL_CERT_FILE");
  const auto distrustful = home_.ostler({"whoami"});
  EXPECT_NE(distrustful.code, 0);
  EXPECT_THAT(distrustful.err, HasSubstr("certificate"));
  program.signal(SIGINT);
  EXPECT_EQ(program.wait(20s), 0) << program.err();
}

TEST_F(Up, ThroughTlsAgentsTakeJobsFromTheStreamOfPings) {
  const auto files = support::make_certificate(directory_.path());
  ::setenv("SSL_CERT_FILE", files.certificate.c_str(), 1);
  auto program = home_.up(
      "127.0.0.1:0", {"--tls-cert", files.certificate.string(), "--tls-key", files.key.string()});
  support::AgentProcess agent(home_.endpoint(), home_.agent_token_file(), directory_ / ".",
                              {"--ping-mode", "stream-only", "--tags", "way=stream"});
  const std::string pipeline = home_.make_pipeline(
      "streamed",
      "env: {BUILDKITE_SKIP_CHECKOUT: \"true\"}\nagents: {way: stream}\nsteps:\n"
      "  - command: echo one\n  - wait\n  - command: seq 100000\n");
  const auto build = home_.finished_build(pipeline, home_.make_build(pipeline), 60s);
  ASSERT_TRUE(build) << agent.program().err();
  EXPECT_EQ(build->at("state"), "passed");
  EXPECT_EQ(agent.stop(), 0) << agent.program().err();
  ::unsetenv("SSL_CERT_FILE");
}

TEST_F(Up, TheCommandItPrintsConnectsAnotherAgent) {
  auto program = home_.up();
  const std::string said = program.out();
  const auto start = said.find("BUILDKITE_AGENT_TOKEN=");
  std::string command = said.substr(start, said.find('\n', start) - start);
  command.replace(command.find(" ostler "), 8, " " + support::ostler_program() + " ");
  ChildProgram other({"/bin/bash", "-c", "exec env " + command}, directory_ / ".", home_.person());
  EXPECT_TRUE(support::wait_until(20s, [&] {
    return other.err().find("waiting for jobs") != std::string::npos;
  })) << other.err();
}

TEST_F(Up, HandsOnWhatItsHubIsToKeep) {
  auto person = home_.person();
  person.environment["OSTLER_HUB_KEEP_BUILDS_DAYS"] = "x";
  const auto result =
      support::run_program({support::ostler_program(), "up", "--listen", "127.0.0.1:0"}, person);
  EXPECT_NE(result.code, 0);
  EXPECT_THAT(result.err, HasSubstr("--keep-builds-days"));
}

TEST_F(Up, OffersOtherMachinesNoAddressThatNamesNone) {
  const auto program = home_.up("0.0.0.0:0");
  EXPECT_EQ(program.out().find("Another machine"), std::string::npos) << program.out();
  EXPECT_NE(program.out().find("--public-url"), std::string::npos);
  EXPECT_THAT(program.out(), HasSubstr("WARNING: tokens, logs and artifacts go over the network"));
}

TEST_F(Up, DrainsAtTheFirstSignal) {
  auto program = home_.up();
  const auto go = directory_ / "go";
  const int number =
      home_.build_of("slow", "until [ -e " + go.string() + " ]; do sleep 0.05; done");
  ASSERT_TRUE(support::wait_until(20s, [&] { return home_.runs(number); }));
  program.signal(SIGTERM);
  EXPECT_EQ(program.wait(1s), std::nullopt) << "the job still runs";
  EXPECT_TRUE(files::write_file_atomically(go, ""));
  EXPECT_EQ(program.wait(20s), 0) << program.err();
  auto again = home_.up();
  EXPECT_EQ(home_.state_after(number), "passed");
}

TEST_F(Up, CancelsAtTheSecondSignal) {
  auto program = home_.up();
  const int number = home_.build_of("endless", "sleep 600");
  ASSERT_TRUE(support::wait_until(20s, [&] { return home_.runs(number); }));
  program.signal(SIGTERM);
  ASSERT_TRUE(support::wait_until(
      20s, [&] { return program.err().find("draining") != std::string::npos; }));
  program.signal(SIGTERM);
  EXPECT_EQ(program.wait(30s), 0) << program.err();
  auto again = home_.up();
  EXPECT_EQ(home_.state_after(number), "failed");
}

TEST_F(Up, EndsAtOnceAtTheThirdSignalAndTakesItsJobsUpAgain) {
  auto program = home_.up("127.0.0.1:0", {}, {{"BUILDKITE_CANCEL_GRACE_PERIOD", "600"}});
  const auto go = directory_ / "go";
  const auto deaf = directory_ / "deaf";
  const int number = home_.build_of(
      "stubborn", "trap : TERM; touch " + deaf.string() + "; until [ -e " + go.string() +
                      " ]; do sleep 0.05 || true; done; echo survived");
  ASSERT_TRUE(support::wait_until(20s, [&] { return std::filesystem::exists(deaf); }));
  for (const auto* said : {"draining", "canceling running jobs"}) {
    program.signal(SIGTERM);
    ASSERT_TRUE(
        support::wait_until(20s, [&] { return program.err().find(said) != std::string::npos; }));
  }
  EXPECT_EQ(program.wait(1s), std::nullopt) << "the job has ten minutes to end";
  program.signal(SIGTERM);
  EXPECT_TRUE(program.wait(30s)) << program.err();
  auto again = home_.up(home_.address());
  EXPECT_TRUE(files::write_file_atomically(go, ""));
  home_.state_after(number);
  EXPECT_THAT(home_.log("stubborn", number), HasSubstr("survived"));
}

TEST_F(Up, GoesOnWhereItWasKilled) {
  auto program = home_.up();
  const auto go = directory_ / "go";
  const int number = home_.build_of(
      "kept", "until [ -e " + go.string() + " ]; do sleep 0.05; done; echo survived");
  ASSERT_TRUE(support::wait_until(20s, [&] { return home_.runs(number); }));
  program.kill();
  auto again = home_.up(home_.address());
  EXPECT_TRUE(files::write_file_atomically(go, ""));
  EXPECT_EQ(home_.state_after(number), "passed");
  EXPECT_THAT(home_.log("kept", number), HasSubstr("survived"));
}

TEST_F(Up, GoesOnElsewhereWithTheJobThatRanWhenItWasKilled) {
  auto program = home_.up();
  const std::string before = home_.address();
  const auto go = directory_ / "go";
  const int number = home_.build_of(
      "moved", "until [ -e " + go.string() + " ]; do sleep 0.05; done; echo survived");
  ASSERT_TRUE(support::wait_until(20s, [&] { return home_.runs(number); }));
  program.kill();
  auto again = home_.up();
  ASSERT_NE(home_.address(), before);
  EXPECT_TRUE(files::write_file_atomically(go, ""));
  EXPECT_EQ(home_.state_after(number), "passed");
  EXPECT_THAT(home_.log("moved", number), HasSubstr("survived"));
}

TEST_F(Up, StartsAgainWhatDies) {
  auto program = home_.up();
  const std::string pid = std::to_string(program.pid());
  std::istringstream children(
      files::read_file("/proc/" + pid + "/task/" + pid + "/children").value());
  int killed = 0;
  for (pid_t child = 0; children >> child; ++killed) ::kill(child, SIGKILL);
  EXPECT_EQ(killed, 2) << "hub and agent";
  EXPECT_TRUE(support::wait_until(20s, [&] {
    return home_.rest("GET", "/access-token").status == 200;
  })) << program.err();
  EXPECT_EQ(home_.state_after(home_.build_of("after", "true")), "passed") << program.err();
  EXPECT_THAT(program.err(), HasSubstr("ended by itself"));
}

TEST_F(Up, GoesOnInTheBackgroundUntilItIsTakenDown) {
  const auto up = home_.ostler({"up", "--detach", "--org", "acme", "--listen", "127.0.0.1:0",
                                "--state-path", ".local/state/ostler"});
  ASSERT_EQ(up.code, 0) << up.err;
  EXPECT_THAT(up.out, HasSubstr("this ends it:\n  ostler down\n"));
  ASSERT_TRUE(home_.note_url(up.out)) << up.out;
  EXPECT_EQ(home_.state_after(home_.build_of("one", "true")), "passed");
  EXPECT_GT(home_.session(), 0);
  EXPECT_NE(home_.session(), ::getsid(0)) << "a logout ends what is in its session";
  EXPECT_EQ(home_.ostler({"down"}).code, 0);
  EXPECT_EQ(home_.rest("GET", "/access-token").status, 0) << "nobody listens";
  EXPECT_EQ(home_.ostler({"down"}).code, 1) << "it is down";
}

TEST_F(Up, TellsProgramsWhereItIs) {
  const auto up = home_.ostler({"up", "--detach", "--json", "--org", "acme", "--listen",
                                "127.0.0.1:0", "--state-path", ".local/state/ostler"});
  ASSERT_EQ(up.code, 0) << up.err;
  const auto told = nlohmann::json::parse(up.out);
  EXPECT_EQ(told["organization"], "acme");
  EXPECT_EQ(told["introduced"], true);
  EXPECT_EQ(told["reachable"], false);
  EXPECT_EQ(told["services"], nlohmann::json::array());
  EXPECT_EQ(told["warnings"], nlohmann::json::array()) << "nobody else can hear it";
  EXPECT_THAT(told["agent_token"].get<std::string>(), HasSubstr("osta_"));
  const auto token = files::read_file(directory_ / ".local/state/ostler/hub/api-token", 1024);
  EXPECT_EQ(told["token"].get<std::string>() + "\n", token.value());
  EXPECT_THAT(home_.ostler({"whoami", "--json"}).out, HasSubstr(told["url"].get<std::string>()));
  EXPECT_EQ(home_.ostler({"down"}).code, 0);
}

TEST_F(Up, WarnsProgramsAsItWarnsPeople) {
  const auto up = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"up", "--detach", "--org", "acme", "--listen", "0.0.0.0:0"});
    const auto done = home_.ostler(std::move(more));
    EXPECT_EQ(done.code, 0) << done.err;
    EXPECT_EQ(home_.ostler({"down"}).code, 0);
    return done.out;
  };
  const auto told = nlohmann::json::parse(up({"--json"}));
  ASSERT_EQ(told["warnings"].size(), 1u) << told;
  EXPECT_THAT(up({}), HasSubstr("\nWARNING: " + told["warnings"][0].get<std::string>() + "\n"));
}

TEST_F(Up, InTheBackgroundSaysWhyItDidNotStart) {
  const auto start_with = [this](const std::string& file) {
    return home_.ostler(
        {"up", "--detach", "--listen", "127.0.0.1:0", "--tls-cert", file, "--tls-key", file});
  };
  const auto up = start_with("nowhere.pem");
  EXPECT_EQ(up.code, 1);
  EXPECT_THAT(up.err, HasSubstr("ostler: the hub did not start: "));
  EXPECT_THAT(up.err, HasSubstr("nowhere.pem"));
  EXPECT_THAT(up.err, Not(HasSubstr("ostler: ostler:")));
  const auto again = start_with("elsewhere.pem");
  EXPECT_THAT(again.err, HasSubstr("elsewhere.pem"));
  EXPECT_THAT(again.err, Not(HasSubstr("nowhere"))) << "the log goes on behind that of the first";
}

TEST_F(Up, LogsInToItsOwnHubAndToOthers) {
  const auto nobody = home_.ostler({"whoami"});
  EXPECT_EQ(nobody.code, 2);
  EXPECT_THAT(nobody.err, HasSubstr("ostler up"));
  auto program = home_.up();
  std::filesystem::remove(home_.client_file());
  const auto again = home_.ostler({"login", "--json"});
  EXPECT_EQ(again.out, home_.ostler({"whoami", "--json"}).out) << again.err;
  EXPECT_THAT(home_.ostler({"whoami"}).out, HasSubstr("ostler login"));

  auto stranger = home_.person();
  stranger.environment["HOME"] = directory_ / "stranger";
  const std::string login = support::ostler_program() + " login " + home_.url();
  const std::string token = (home_.data() / "api-token").string();
  const auto in = run_program({"/bin/sh", "-c", login + " <" + token}, stranger);
  EXPECT_EQ(in.code, 0) << in.err;
  EXPECT_THAT(in.out, HasSubstr("(acme)"));
  const auto wrong = run_program({"/bin/sh", "-c", "echo nonsense | " + login}, stranger);
  EXPECT_EQ(wrong.code, 2);
  EXPECT_THAT(wrong.err, Not(HasSubstr("nonsense")));
  const auto empty = run_program({"/bin/sh", "-c", login + " </dev/null"}, stranger);
  EXPECT_EQ(empty.code, 2);
}

TEST_F(Up, IsFoundAtItsNewAddressWithTheTokenOfALogin) {
  std::optional<ChildProgram> program(home_.up());
  std::filesystem::remove(home_.client_file());
  EXPECT_EQ(home_.ostler({"login"}).code, 0);
  const std::string login =
      nlohmann::json::parse(files::read_file(home_.client_file(), 4096).value())["token"];
  const std::string before = home_.url();
  program.reset();
  program.emplace(home_.up());
  ASSERT_NE(home_.url(), before);
  EXPECT_THAT(home_.ostler({"whoami"}).out, HasSubstr(home_.url()));
  const auto known = nlohmann::json::parse(files::read_file(home_.client_file(), 4096).value());
  EXPECT_EQ(known["token"], login);
}

TEST_F(Up, SendsNoTokenOfAHubElsewhere) {
  std::optional<ChildProgram> program(home_.up());
  std::filesystem::remove(home_.client_file());
  EXPECT_EQ(home_.ostler({"login"}).code, 0);
  auto elsewhere = nlohmann::json::parse(files::read_file(home_.client_file(), 4096).value());
  elsewhere["url"] = "https://ci.example.com";
  program.reset();
  std::ofstream(home_.client_file()) << elsewhere;
  program.emplace(home_.up());
  EXPECT_THAT(program->out(), HasSubstr("Your commands go to another hub"))
      << "had the token been sent, this hub would have known it";
  EXPECT_EQ(nlohmann::json::parse(files::read_file(home_.client_file(), 4096).value()), elsewhere);
}

TEST_F(Up, MakesListsAndRevokesApiTokensWithoutOne) {
  auto program = home_.up();
  std::filesystem::remove(home_.client_file());
  const auto made = home_.ostler({"token", "create", "--api", "dashboard", "--scopes",
                                  "write_builds,read_builds", "--ttl", "720h"});
  ASSERT_EQ(made.code, 0) << made.err;
  ASSERT_TRUE(made.out.starts_with("ostu_")) << made.out;
  const std::string token = made.out.substr(0, made.out.size() - 1);
  const auto call = [&](const std::string& path) {
    return support::http_call({.method = "GET",
                               .url = home_.url() + "/v2/" + path,
                               .headers = {"Authorization: Bearer " + token},
                               .body = ""})
        .status;
  };
  EXPECT_EQ(call("builds"), 200);
  EXPECT_EQ(call("organizations/acme/pipelines"), 403) << "it is not one of its scopes";

  const auto listed = nlohmann::json::parse(home_.ostler({"token", "list", "--api", "--json"}).out);
  ASSERT_EQ(listed.size(), 2u) << "the first start makes one";
  EXPECT_EQ(listed[1]["description"], "dashboard");
  EXPECT_EQ(listed[1]["scopes"], nlohmann::json({"read_builds", "write_builds"}));
  EXPECT_TRUE(listed[1]["expires_at"].is_string());
  const auto table = home_.ostler({"token", "list", "--api"});
  EXPECT_THAT(table.out, HasSubstr("read_builds write_builds"));
  EXPECT_THAT(table.out, testing::ContainsRegex("first API token +never +[0-9a-f-]+ +all "));
  EXPECT_THAT(table.out + listed.dump(), Not(HasSubstr(token)));

  EXPECT_EQ(home_.ostler({"token", "revoke", "--api", "dashboard"}).code, 0);
  EXPECT_EQ(call("builds"), 401);
  EXPECT_THAT(home_.ostler({"token", "revoke", "--api", "dashboard"}).err,
              HasSubstr("no API token dashboard"));
}

TEST_F(Up, RefusesApiTokensThatNobodyCanMean) {
  auto program = home_.up();
  EXPECT_THAT(home_.ostler({"token", "create", "--api", "x"}).err, HasSubstr("--scopes all"));
  EXPECT_THAT(home_.ostler({"token", "create", "--api", "x", "--scopes", "read_bulds"}).err,
              HasSubstr("did you mean read_builds?"));
  const auto elsewhere =
      home_.ostler({"token", "list", "--api", "--data-path", (directory_ / "none").string()});
  EXPECT_EQ(elsewhere.code, 1);
  EXPECT_THAT(elsewhere.err, HasSubstr("no hub answers"));
  const std::string out = program.out();
  const std::string mark = "  data          ";
  ASSERT_THAT(out, HasSubstr(mark));
  const std::size_t begin = out.find(mark) + mark.size();
  const std::string data = out.substr(begin, out.find('\n', begin) - begin);
  for (const std::string& path : {data, data + "/hub"}) {
    const auto listed = home_.ostler({"token", "list", "--api", "--data-path", path});
    EXPECT_EQ(listed.code, 0) << listed.err;
  }
  const auto everything =
      home_.ostler({"token", "create", "--api", "x", "--scopes", "all", "--json"});
  EXPECT_EQ(nlohmann::json::parse(everything.out)["organization"], "acme") << everything.err;
}

TEST_F(Up, KeepsATokenFromOtherHubs) {
  auto program = home_.up();
  auto person = home_.person();
  person.environment["OSTLER_URL"] = "http://127.0.0.1:9";
  const auto who = run_program({support::ostler_program(), "whoami"}, person);
  EXPECT_EQ(who.code, 2);
  EXPECT_THAT(who.err, HasSubstr("OSTLER_API_TOKEN"));
}

}  // namespace
}  // namespace ostler
