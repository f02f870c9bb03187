// SPDX-License-Identifier: Apache-2.0
// The locks that an agent keeps for the jobs of its machine.
#include <nlohmann/json.hpp>

#include "integration/daemon/agent_on_fake_hub.hpp"
#include "support/raw_connection.hpp"

namespace ostler {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using support::ChildProgram;
using support::ProgramResult;

class Locks : public AgentOnFakeHub {
 protected:
  std::filesystem::path sockets() const { return directory_ / "state/run"; }
  void start_and_wait() {
    start_agent();
    ASSERT_TRUE(wait_for_leader());
  }
  bool wait_for_leader() {
    return support::wait_until(10s, [this] { return std::filesystem::exists(leader()); });
  }
  std::filesystem::path leader() const { return sockets() / "agent-leader"; }

  std::vector<std::string> words(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {support::ostler_program(), "lock"});
    arguments.insert(arguments.end(), {"--sockets-path", sockets()});
    return arguments;
  }
  ProgramResult lock(const std::vector<std::string>& arguments) const {
    return support::run_program(words(arguments));
  }
  ChildProgram begin(const std::vector<std::string>& arguments, const std::string& name) const {
    std::filesystem::create_directory(directory_ / name);
    return ChildProgram(words(arguments), directory_ / name);
  }
  /// The token of a lock that is free.
  std::string acquire(const std::string& key) const {
    const ProgramResult taken = lock({"acquire", key});
    EXPECT_EQ(taken.code, 0) << taken.err;
    return taken.out.substr(0, taken.out.size() - 1);
  }
  std::string state_of(const std::string& key) const { return lock({"get", key}).out; }
  /// Waits until so many connections to the agent stand, those in line among them.
  bool wait_until_waiting(long count) {
    return support::wait_until(10s, [&] {
      const std::string socket = "/agent-" + std::to_string(agent_->program().pid());
      return lines_with(files::read_file("/proc/net/unix").value(), socket) == 1 + count;
    });
  }
  /// One answer of the leader to a request made by hand.
  std::string ask(const std::string& method, const std::string& target,
                  const std::string& body = "") const {
    auto connection = support::RawConnection::to_unix(leader());
    connection.send(method + " " + target + " HTTP/1.1\r\nHost: x\r\nContent-Length: " +
                    std::to_string(body.size()) + "\r\n\r\n" + body);
    return connection.read_answer();
  }
};

TEST_F(Locks, AreAcquiredOnceAndReleasedByTheirToken) {
  start_and_wait();
  EXPECT_EQ(state_of("deploy"), "\n");
  const std::string token = acquire("deploy");
  EXPECT_TRUE(token.starts_with("acquired(pid=")) << token;
  EXPECT_EQ(state_of("deploy"), token + "\n");
  EXPECT_EQ(state_of("other"), "\n");
  const ProgramResult late = lock({"acquire", "deploy", "--lock-wait-timeout", "300ms"});
  EXPECT_EQ(late.code, 1);
  EXPECT_EQ(late.out, "");
  EXPECT_EQ(lock({"release", "deploy", "acquired(pid=1,otp=0)"}).code, 1);
  EXPECT_EQ(lock({"release", "deploy", token}).code, 0);
  EXPECT_EQ(lock({"release", "deploy", token}).code, 1) << "it is free already";
  EXPECT_EQ(state_of("deploy"), "\n");
  expect_clean_stop();
}

TEST_F(Locks, LetWorkBeDoneOnce) {
  start_and_wait();
  EXPECT_EQ(lock({"done", "setup"}).code, 1) << "nobody is doing it";
  EXPECT_EQ(lock({"do", "setup"}).out, "do\n");
  ChildProgram other = begin({"do", "setup"}, "other");
  EXPECT_EQ(lock({"do", "setup", "--lock-wait-timeout", "300ms"}).code, 1);
  EXPECT_EQ(lock({"done", "setup"}).code, 0);
  EXPECT_EQ(other.wait(20s), 0);
  EXPECT_EQ(other.out(), "done\n");
  EXPECT_EQ(lock({"do", "setup"}).out, "done\n");
  const std::string token = acquire("plain");
  EXPECT_EQ(lock({"do", "plain"}).code, 1) << "a lock of the other kind: " << token;
}

TEST_F(Locks, GoToThoseWhoWaitInTheirOrder) {
  start_and_wait();
  std::string token = acquire("k");
  std::vector<ChildProgram> waiting;
  for (const char* name : {"a", "b", "c"}) {
    waiting.push_back(begin({"acquire", "k"}, name));
    ASSERT_TRUE(wait_until_waiting(static_cast<long>(waiting.size())));
  }
  waiting[1].kill();
  ASSERT_TRUE(wait_until_waiting(2));
  for (const std::size_t next : {0u, 2u}) {
    ASSERT_EQ(lock({"release", "k", token}).code, 0);
    ASSERT_EQ(waiting[next].wait(20s), 0) << waiting[next].err();
    token = waiting[next].out();
    token.pop_back();
    EXPECT_EQ(state_of("k"), token + "\n");
  }
  EXPECT_EQ(lock({"release", "k", token}).code, 0);
  EXPECT_EQ(state_of("k"), "\n") << "who was killed while waiting gets nothing";
}

TEST_F(Locks, OutliveTheAgent) {
  start_and_wait();
  const std::string token = acquire("k");
  ChildProgram waiting = begin({"acquire", "k"}, "waiting");
  ASSERT_TRUE(wait_until_waiting(1));
  agent_->kill();
  ChildProgram asking = begin({"get", "k"}, "asking");
  agent_->start_again();
  EXPECT_EQ(asking.wait(20s), 0) << asking.err();
  EXPECT_EQ(asking.out(), token + "\n");
  EXPECT_EQ(lock({"release", "k", token}).code, 0);
  EXPECT_EQ(waiting.wait(20s), 0) << waiting.err();
  EXPECT_EQ(state_of("k"), waiting.out());
}

TEST_F(Locks, SpeakAsTheGenuineAgentDoes) {
  start_and_wait();
  const auto value = [](const std::string& answer) {
    return json::parse(support::body_in(answer), nullptr, false);
  };
  EXPECT_TRUE(value(ask("GET", "/api/leader/v0/ping"))["now"].is_string());
  EXPECT_EQ(value(ask("GET", "/api/leader/v0/lock?key=k")), json::object({{"value", ""}}));
  EXPECT_EQ(value(ask("PATCH", "/api/leader/v0/lock/?key=k", R"({"old":"","new":"v"})")),
            json({{"value", "v"}, {"swapped", true}}));
  EXPECT_EQ(value(ask("PATCH", "/api/leader/v0/lock/?key=k", R"({"old":"","new":"w"})")),
            json({{"value", "v"}, {"swapped", false}}));
  EXPECT_EQ(value(ask("GET", "/api/leader/v0/lock/?key=k")), json::object({{"value", "v"}}));
  EXPECT_EQ(support::status_in(ask("GET", "/api/leader/v0/lock/")), 404);
  EXPECT_EQ(support::status_in(ask("PATCH", "/api/leader/v0/lock/?key=k", "{")), 400);
  EXPECT_EQ(support::status_in(ask("PATCH", "/api/leader/v0/lock/?key=k", R"({"old":1})")), 400);
  EXPECT_EQ(support::status_in(ask("GET", "/api/leader/v0/other")), 404);
  const std::string long_key(2000, 'k');
  EXPECT_EQ(support::status_in(
                ask("PATCH", "/api/leader/v0/lock/?key=" + long_key, R"({"old":"","new":"v"})")),
            400);
}

TEST_F(Locks, AreSharedByAgentsWithTheSameSockets) {
  start_and_wait();
  const std::string token = acquire("k");
  std::filesystem::create_directory(directory_ / "second");
  support::AgentProcess second(hub_->endpoint(), directory_ / "token", directory_ / "second",
                               {"--sockets-path", sockets()});
  EXPECT_EQ(state_of("k"), token + "\n");
  agent_->kill();
  EXPECT_EQ(state_of("k"), token + "\n") << "the second has taken over";
  EXPECT_EQ(lock({"release", "k", token}).code, 0);
  EXPECT_EQ(second.stop(), 0) << second.program().err();
}

TEST_F(Locks, NeedAnAgent) {
  const ProgramResult alone = lock({"get", "k"});
  EXPECT_EQ(alone.code, 1);
  EXPECT_NE(alone.err.find("is an agent running"), std::string::npos) << alone.err;
  EXPECT_EQ(lock({"get", "k", "--lock-scope", "planet"}).code, 1);
  EXPECT_EQ(lock({"acquire", "k", "--lock-wait-timeout", "soon"}).code, 1);
}

}  // namespace
}  // namespace ostler
