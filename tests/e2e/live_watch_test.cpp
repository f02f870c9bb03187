// SPDX-License-Identifier: Apache-2.0
// `ostler build watch` on a terminal and in a pipe, with a real hub and a real agent.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <functional>
#include <memory>
#include <regex>
#include <sstream>

#include "e2e/terminal_program.hpp"
#include "files/file.hpp"
#include "support/agent_process.hpp"
#include "support/hub_process.hpp"
#include "support/scripted_server.hpp"
#include "support/temp_directory.hpp"
#include "support/wait_until.hpp"

namespace ostler {
namespace {

using namespace std::chrono_literals;
using support::kLeave;
using support::kPicture;
using support::TerminalProgram;
using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kEnter = "\x1b[?1049h";

/// `text` without the escape sequences of pictures and colours.
std::string plain(const std::string& text) {
  static const std::regex kSequence("\x1b\\[[0-9;?]*[A-Za-z]");
  return std::regex_replace(text, kSequence, "");
}

/// The characters of a line that a terminal has sent.
std::size_t width_of(const std::string& line) {
  return static_cast<std::size_t>(std::ranges::count_if(
      line, [](char c) { return c != '\r' && (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

class LiveWatch : public testing::Test {
 protected:
  /// Two jobs that say who they are and wait until `open` has been called.
  void make_build() {
    const std::string gate = (directory_.path() / "gate").string();
    const std::string wait = "while [ ! -e " + gate + " ]; do sleep 0.05; done";
    hub_.make_pipeline("app", R"(
env: {BUILDKITE_SKIP_CHECKOUT: "true"}
steps:
  - {key: one, label: "First one", command: "echo I am one; )" +
                                  wait + R"(; echo One is done"}
  - {key: two, label: "Second", command: "printf 'I am two\\033]0;evil\\007\\033[2J\\033[5;5Hhere\\n'; )" +
                                  wait + R"(; exit 3"}
)");
    hub_.make_build("app");
  }
  void open() { EXPECT_TRUE(files::write_file_atomically(directory_.path() / "gate", "")); }

  std::map<std::string, std::string> environment() const {
    const auto token = files::read_file(hub_.data() / "api-token").value();
    return {{"HOME", directory_.path().string()},
            {"OSTLER_URL", hub_.url()},
            {"OSTLER_API_TOKEN", token.substr(0, token.find('\n'))},
            {"OSTLER_ORGANIZATION", "ostler"},
            {"TERM", "xterm-256color"},
            {"BUILDKITE_AGENT_ACCESS_TOKEN", ""},
            {"BUILDKITE_AGENT_JOB_API_SOCKET", ""}};
  }
  std::unique_ptr<TerminalProgram> watch(int columns,
                                         const std::map<std::string, std::string>& more = {}) {
    auto all = environment();
    for (const auto& [name, value] : more) all[name] = value;
    return std::make_unique<TerminalProgram>(
        std::vector<std::string>{support::ostler_program(), "build", "watch", "app/1"}, all,
        static_cast<unsigned short>(columns));
  }

  support::TempDirectory directory_;
  support::HubProcess hub_{directory_.path()};
  support::AgentProcess agent_{hub_, directory_.path(), {"--spawn", "2"}};
};

TEST_F(LiveWatch, ShowsJobsAndALogUntilTheEndOnTerminalsOfEverySize) {
  make_build();
  std::vector<std::unique_ptr<TerminalProgram>> watches;
  for (const int columns : {40, 80, 200}) watches.push_back(watch(columns));
  for (auto& watch : watches) {
    EXPECT_TRUE(watch->shows("I am ")) << watch->text();
    EXPECT_THAT(watch->picture(), HasSubstr("First one"));
  }
  open();
  std::size_t columns = 40;
  for (auto& watch : watches) {
    EXPECT_EQ(watch->end(), 1) << watch->text();
    EXPECT_THAT(watch->text(), testing::StartsWith(kEnter));
    for (const std::string& picture : watch->pictures()) {
      std::string line;
      std::istringstream lines(plain(picture.substr(0, picture.find(kLeave))));
      while (std::getline(lines, line)) EXPECT_LE(width_of(line), columns) << line;
    }
    EXPECT_THAT(watch->after_picture(), HasSubstr("exit status 3"));
    EXPECT_THAT(plain(watch->after_picture()), testing::HasSubstr("app/1  failed in "));
    EXPECT_THAT(watch->text(), testing::EndsWith("\a"));
    EXPECT_THAT(watch->text(), Not(HasSubstr("\x1b]"))) << "what sets the title";
    EXPECT_THAT(watch->text(), Not(HasSubstr("\x1b[2J")));
    EXPECT_THAT(watch->text(), Not(HasSubstr("\x1b[5;5H")));
    columns = columns == 40 ? 80 : 200;
  }
}

TEST_F(LiveWatch, ObeysItsKeysAndANewSize) {
  make_build();
  const auto watch = this->watch(80);
  ASSERT_TRUE(watch->shows("-- log of ")) << watch->text();
  watch->type("\x1b[A\x1b[A");
  EXPECT_TRUE(watch->shows("log of First one")) << watch->text();
  EXPECT_TRUE(watch->shows("I am one"));
  watch->type("j");
  EXPECT_TRUE(watch->shows("log of Second")) << watch->text();
  EXPECT_EQ(watch->picture().find("I am one"), std::string::npos) << "that is another's log";
  EXPECT_TRUE(watch->shows("I am twohere"));
  EXPECT_FALSE(watch->is_as_before());
  const std::string wide(70, '-');
  watch->resize(40);
  EXPECT_TRUE(watch->read_until([&](const auto&) {
    return watch->picture().find("\x1b[J") != std::string::npos &&
           watch->picture().find(wide.substr(0, 45)) == std::string::npos;
  }));
  watch->type("q");
  EXPECT_TRUE(watch->read_until([](const auto& text) { return text.find(kLeave) != text.npos; }));
  EXPECT_EQ(watch->end(), 130);
  EXPECT_TRUE(watch->is_as_before());
  EXPECT_EQ(hub_.build("app", 1)["state"], "running") << "the build goes on";
  open();
}

TEST_F(LiveWatch, FoldsAGroupThatHasPassedAndOpensItByAKey) {
  const std::string gate = (directory_.path() / "gate").string();
  hub_.make_pipeline("app", R"(
env: {BUILDKITE_SKIP_CHECKOUT: "true"}
steps:
  - group: Quick ones
    steps: [{label: Quickest, command: "true"}, {label: Quicker, command: "true"}]
  - {label: Last, command: "while [ ! -e )" +
                                gate + R"( ]; do sleep 0.05; done"}
)");
  hub_.make_build("app");
  const auto watch = this->watch(80);
  EXPECT_TRUE(watch->shows("2 jobs")) << watch->text();
  EXPECT_THAT(watch->picture(), Not(HasSubstr("Quickest")));
  watch->type("g");
  EXPECT_TRUE(watch->shows("Quickest")) << watch->text();
  EXPECT_TRUE(watch->shows("g: close groups"));
  watch->type("g");
  EXPECT_TRUE(watch->shows("2 jobs"));
  open();
  EXPECT_EQ(watch->end(), 0);
}

TEST_F(LiveWatch, LeavesTheTerminalAsItWasHoweverItEnds) {
  make_build();
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    const auto watch = this->watch(80);
    ASSERT_TRUE(watch->shows("-- log of "));
    if (number == SIGINT) {
      watch->type("\x03");
    } else {
      watch->signal(number);
    }
    EXPECT_EQ(watch->end(), 128 + number);
    EXPECT_TRUE(watch->is_as_before());
    EXPECT_THAT(watch->text(), HasSubstr("\x1b[?25h")) << "the cursor";
    EXPECT_THAT(plain(watch->after_picture()), HasSubstr("app/1  running"));
  }
  open();
}

TEST_F(LiveWatch, HasNoColoursWhereNobodyWantsThem) {
  make_build();
  open();
  const auto watch = this->watch(80, {{"NO_COLOR", "1"}});
  EXPECT_EQ(watch->end(), 1);
  EXPECT_THAT(watch->text(), Not(testing::ContainsRegex("\x1b\\[[1-9][0-9;]*m")));
  const auto dumb = this->watch(80, {{"TERM", "dumb"}});
  EXPECT_EQ(dumb->end(), 1);
  EXPECT_THAT(dumb->text(), Not(HasSubstr("\x1b")));
}

TEST_F(LiveWatch, TellsTheEndOfEachOfManyJobsOnceWhileTheHubIsKilledAgainAndAgain) {
  constexpr int kJobs = 12;
  std::string yaml = "env: {BUILDKITE_SKIP_CHECKOUT: \"true\"}\nsteps:\n";
  for (int i = 0; i < kJobs; ++i) {
    yaml += "  - {label: \"Job <" + std::to_string(i) + ">\", command: \"sleep 0.2\"}\n";
  }
  hub_.make_pipeline("app", yaml);
  hub_.make_build("app");
  std::filesystem::create_directory(directory_.path() / "out");
  support::ChildProgram watch({support::ostler_program(), "build", "watch", "app/1"},
                              directory_.path() / "out",
                              {.environment = environment(), .directory = {}});
  const auto count = [&](const std::string& what) {
    const std::string out = watch.out();
    int found = 0;
    for (std::size_t at = out.find(what); at != out.npos; at = out.find(what, at + 1)) ++found;
    return found;
  };
  for (int ended = 1; ended <= kJobs - 2; ended += 3) {
    ASSERT_TRUE(support::wait_until(60s, [&] { return count("  passed in ") >= ended; }))
        << watch.out() << watch.err();
    hub_.kill();
    hub_.start_again();
  }
  EXPECT_EQ(watch.wait(60s), 0) << watch.out() << watch.err();
  for (int i = 0; i < kJobs; ++i) {
    EXPECT_EQ(count("Job <" + std::to_string(i) + ">  passed in "), 1) << watch.out();
    EXPECT_LE(count("Job <" + std::to_string(i) + ">  running"), 1) << watch.out();
  }
  EXPECT_EQ(count("app/1  passed in "), 1) << watch.out();
}

TEST_F(LiveWatch, FollowsALogAcrossAKilledHub) {
  make_build();
  std::filesystem::create_directory(directory_.path() / "out");
  support::ChildProgram log(
      {support::ostler_program(), "job", "log", "app/1", "--step", "one", "--follow"},
      directory_.path() / "out", {.environment = environment(), .directory = {}});
  const auto comes = [&](const char* text, const auto& output) {
    return support::wait_until(30s, [&] { return output().find(text) != std::string::npos; });
  };
  ASSERT_TRUE(comes("\nI am one\n", [&] { return log.out(); })) << log.out() << log.err();
  hub_.kill();
  EXPECT_TRUE(comes("waiting for it", [&] { return log.err(); }));
  hub_.start_again();
  open();
  EXPECT_EQ(log.wait(60s), 0) << log.err();
  EXPECT_THAT(log.out(), testing::EndsWith("\nI am one\nOne is done\n"));
}

/// A server without streams, such as Buildkite's own: its build is over when it has been asked
/// for a few times.
class StreamlessServer {
 public:
  std::string url() const { return server_.url(); }
  int asked_for_events() const { return events_; }
  int asked_for_build() const { return builds_; }

 private:
  boost::asio::awaitable<support::ServerAnswer> answer(support::ServerRequest request) {
    if (request.target.ends_with("/events")) ++events_;
    if (request.target.find("/builds/1") == std::string::npos ||
        request.target.ends_with("/events")) {
      co_return support::ServerReply{404, R"({"message":"Not Found"})"};
    }
    const bool is_over = ++builds_ > 4;
    const std::string times = R"("started_at":"2026-01-02T03:04:05.000Z","finished_at":)" +
                              std::string(is_over ? R"("2026-01-02T03:04:07.000Z")" : "null");
    const std::string state = is_over ? "passed" : "running";
    co_return support::ServerReply{
        200, R"({"id":"b","number":1,"state":")" + state +
                 R"(","url":"http://x/v2/organizations/ostler/pipelines/app/builds/1",)" + times +
                 R"(,"jobs":[{"id":"j","type":"script","name":"Only","state":")" + state + "\"," +
                 times + "}]}"};
  }

  std::atomic<int> events_ = 0;
  std::atomic<int> builds_ = 0;
  support::ScriptedServer server_{
      [this](support::ServerRequest request) { return answer(std::move(request)); }};
};

support::ProgramResult run_at(const StreamlessServer& server,
                              const std::vector<std::string>& words) {
  return support::run_program(words, {.environment = {{"OSTLER_URL", server.url()},
                                                      {"OSTLER_API_TOKEN", "t"},
                                                      {"OSTLER_ORGANIZATION", "ostler"}},
                                      .directory = {}});
}

TEST(BuildWatch, AsksAgainAndAgainWhereThereAreNoStreams) {
  const StreamlessServer server;
  const auto watched = run_at(server, {support::ostler_program(), "build", "watch", "app/1"});
  EXPECT_EQ(watched.code, 0) << watched.err;
  EXPECT_EQ(watched.out,
            "  Only  running\napp/1  running\n  Only  passed in 2.0s\napp/1  passed in 2.0s\n");
  EXPECT_EQ(server.asked_for_events(), 1) << "once is enough";
}

TEST(BuildWatch, EndsQuietlyWhenNobodyReadsItsLinesAnyMore) {
  const StreamlessServer server;
  const auto watched =
      run_at(server, {"/bin/bash", "-c", "exec 3> >(:); wait $!; exec \"$0\" build watch app/1 >&3",
                      support::ostler_program()});
  EXPECT_EQ(watched.code, 0);
  EXPECT_EQ(watched.err, "");
  EXPECT_LE(server.asked_for_build(), 2) << "to find it, and for the first line";
}

TEST_F(LiveWatch, TellsEachChangeOnceInAPipeAlsoWhenTheHubIsKilled) {
  make_build();
  std::filesystem::create_directory(directory_.path() / "out");
  support::ChildProgram watch({support::ostler_program(), "build", "watch", "app/1"},
                              directory_.path() / "out",
                              {.environment = environment(), .directory = {}});
  const auto says = [&](const char* text) {
    return support::wait_until(30s, [&] { return watch.out().find(text) != std::string::npos; });
  };
  ASSERT_TRUE(says("First one  running") && says("Second  running")) << watch.out() << watch.err();
  hub_.kill();
  EXPECT_TRUE(says("the hub does not answer; waiting for it"));
  hub_.start_again();
  open();
  EXPECT_EQ(watch.wait(60s), 1) << watch.out() << watch.err();
  for (const char* const once :
       {"First one  running", "First one  passed", "Second  failed in", "app/1  failed in"}) {
    const std::string out = watch.out();
    const std::size_t at = out.find(once);
    ASSERT_NE(at, out.npos) << once << "\n" << out;
    EXPECT_EQ(out.find(once, at + 1), out.npos) << once << "\n" << out;
  }
}

}  // namespace
}  // namespace ostler
