// SPDX-License-Identifier: Apache-2.0
// Each call of a job's life against each thing that can go wrong with it: whether it is tried
// again, how soon, and what the log says. Source: agent-api 1.4, 1.7, 2.0 to 2.11.
#include <gtest/gtest.h>

#include <deque>
#include <optional>

#include "agent_client/agent_api.hpp"
#include "base/guarded.hpp"
#include "diag/log.hpp"
#include "support/fake_timers.hpp"
#include "support/run_task.hpp"
#include "support/scripted_server.hpp"

namespace ostler::agent_client {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using support::RawReply;
using support::ResetReply;
using support::ServerAnswer;
using support::ServerReply;
using support::ServerRequest;

/// What a call came to, without its value.
using Outcome = asio::awaitable<Result<void>>;

template <class T>
Outcome outcome_of(asio::awaitable<Result<T>> call) {
  auto result = co_await std::move(call);
  if (!result) co_return std::move(result).error();
  co_return success();
}

constexpr const char* kSession =
    R"({"id":"a","name":"n","access_token":"s","ping_interval":1,"job_status_interval":1,)"
    R"("heartbeat_interval":60})";
constexpr const char* kJob = R"({"id":"j","chunks_max_size_bytes":1000,"env":{"A":"b"}})";

/// When a call is tried again.
enum class Rule {
  Standard,           ///< not after a 4xx but 429
  NoClientError,      ///< not after any 4xx, 429 included
  NoStatus,           ///< not after any HTTP error status
  StandardButLocked,  ///< the same, but 423 heals and Retry-After counts
  Always,             ///< whatever the server says
  Never,              ///< the next one of its kind comes anyway
};

struct CallRow {
  const char* name;
  Rule rule;
  int attempts;           ///< 0: for hours
  milliseconds least{0};  ///< the first wait
  milliseconds most{0};
  const char* answer;  ///< a good one; null: its body does not matter
  Outcome (*make)(AgentApi& api, Peer peer);
};

void PrintTo(const CallRow& call, std::ostream* out) { *out << call.name; }

constexpr milliseconds kSecond{1000};

const CallRow kCalls[] = {
    {"register", Rule::Standard, 30, 10 * kSecond, 10 * kSecond, kSession,
     [](AgentApi& api, Peer peer) { return outcome_of(api.register_agent(peer, {})); }},
    {"connect", Rule::Always, 10, 5 * kSecond, 5 * kSecond, nullptr,
     [](AgentApi& api, Peer peer) { return api.connect(peer); }},
    {"disconnect", Rule::Always, 4, kSecond, kSecond, nullptr,
     [](AgentApi& api, Peer peer) { return api.disconnect(peer); }},
    {"ping",
     Rule::Never,
     1,
     {},
     {},
     "{}",
     [](AgentApi& api, Peer peer) { return outcome_of(api.ping(peer, std::chrono::seconds(0))); }},
    {"heartbeat", Rule::Standard, 10, 5 * kSecond, 5 * kSecond, "{}",
     [](AgentApi& api, Peer peer) { return outcome_of(api.heartbeat(peer)); }},
    {"accept", Rule::NoStatus, 30, 5 * kSecond, 5 * kSecond, kJob,
     [](AgentApi& api, Peer peer) { return outcome_of(api.accept(peer, "j")); }},
    {"acquire",
     Rule::StandardButLocked,
     7,
     {},
     6 * kSecond,
     kJob,
     [](AgentApi& api, Peer peer) { return outcome_of(api.acquire(peer, "j")); }},
    {"start", Rule::Standard, 0, kSecond, 2 * kSecond, nullptr,
     [](AgentApi& api, Peer peer) { return api.start(peer, "j", Timestamp{1}); }},
    {"job state",
     Rule::Never,
     1,
     {},
     {},
     R"({"state":"running"})",
     [](AgentApi& api, Peer peer) {
       return outcome_of(api.job_state(peer, "j", std::chrono::seconds(0)));
     }},
    {"log chunk", Rule::NoClientError, 0, 2 * kSecond, 3 * kSecond, nullptr,
     [](AgentApi& api, Peer peer) { return api.send_chunk(peer, "j", {1, 0, 1, "x"}); }},
    {"finish", Rule::Standard, 0, 2 * kSecond, 3 * kSecond, nullptr,
     [](AgentApi& api, Peer peer) { return api.finish(peer, "j", {}); }},
};

struct FaultRow {
  const char* name;
  int status;  ///< 0: no answer of use came
  ServerAnswer answer;
};

void PrintTo(const FaultRow& fault, std::ostream* out) { *out << fault.name; }

ServerReply refusal(int status) { return {status, R"({"message":"no\nhow"})"}; }

const FaultRow kFaults[] = {
    {"Reset", 0, ResetReply()},  // also an answer that is lost after the call was obeyed
    {"ResetInTheMiddleOfTheBody", 0,
     RawReply{"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{\"id\":", true}},
    {"CutInTheMiddleOfTheBody", 0,
     RawReply{"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{\"id\":"}},
    {"Garbage", 0, RawReply{"\x01\x02 no\r\n"}},
    {"Unauthorized", 401, refusal(401)},
    {"Forbidden", 403, refusal(403)},
    {"NotFound", 404, refusal(404)},
    {"Conflict", 409, refusal(409)},
    {"Unprocessable", 422, refusal(422)},
    {"Locked", 423, refusal(423)},
    {"TooMany", 429, ServerReply{429, "", {{"Retry-After", "7"}}}},
    {"Broken", 500, ServerReply{500, ""}},
    {"BadGatewayInHtml", 502, ServerReply{502, "<html>\n<body>bad gateway</body></html>"}},
    {"Overloaded", 529, ServerReply{529, ""}},
    {"LoginPage", 200, ServerReply{200, "<html>log in</html>"}},
    {"NoContent", 200, ServerReply{204, ""}},
    {"WrongTypes", 200,
     ServerReply{200, R"({"id":7,"env":[],"access_token":{},"state":1,"job":"j","sent_at":2})"}},
};

bool is_tried_again(const CallRow& call, const FaultRow& fault) {
  const int status = fault.status;
  if (call.rule == Rule::Never) return false;
  if (call.rule == Rule::Always || status == 0 || status == 200) return true;
  if (call.rule == Rule::NoStatus) return false;
  if (status == 423) return call.rule == Rule::StandardButLocked;
  return status >= 500 || (status == 429 && call.rule != Rule::NoClientError);
}

/// Whether the same call may succeed later, and so the log says that it is tried again.
bool may_heal(const FaultRow& fault) {
  return fault.status == 0 || fault.status == 200 || fault.status == 429 || fault.status >= 500;
}

/// A client that does not really wait, and a server that gives the answers in line.
class FaultyServer : public testing::Test {
 protected:
  static void SetUpTestSuite() { diag::set_up_log({}); }  // standard error, as in the programs

  Peer peer() { return {server_.url() + "/v3", Secret("t"), {}}; }

  Result<void> run(const CallRow& call) { return support::run_task(io_, call.make(api_, peer())); }

  asio::awaitable<ServerAnswer> answer(ServerRequest) {
    co_return line_.with([](Line& line) {
      ++line.requests;
      if (line.answers.empty()) return ServerAnswer(ServerReply{500, "nothing in line"});
      ServerAnswer next = std::move(line.answers.front());
      line.answers.pop_front();
      return next;
    });
  }
  /// From now on the server gives these answers.
  void line_up(std::deque<ServerAnswer> answers) {
    line_.with([&](Line& line) { line = {std::move(answers), 0}; });
  }
  int requests() {
    return line_.with([](Line& line) { return line.requests; });
  }

  struct Line {
    std::deque<ServerAnswer> answers{};
    int requests = 0;  ///< since it was lined up
  };
  Guarded<Line> line_;
  support::ScriptedServer server_{[this](ServerRequest request) { return answer(request); }};
  asio::io_context io_;
  net::HttpClient client_{io_.get_executor()};
  support::FakeTimers timers_;
  SystemClock clock_;
  AgentApi api_{client_, timers_, clock_};
};

ServerReply good_answer(const CallRow& call) {
  return {200, call.answer != nullptr ? call.answer : ""};
}

class Faults : public FaultyServer,
               public testing::WithParamInterface<std::tuple<CallRow, FaultRow>> {};

TEST_P(Faults, OfACallAreTriedAgainAsTheReferenceSays) {
  const auto& [call, fault] = GetParam();
  const bool is_read = call.answer != nullptr;
  const bool is_fine = fault.status == 200 && !is_read;
  // Each reads something else out of the object that has every type wrong.
  line_up({fault.answer, fault.answer, fault.answer, good_answer(call)});
  testing::internal::CaptureStderr();
  const auto result = run(call);
  const std::string log = testing::internal::GetCapturedStderr();
  if (is_fine) {
    EXPECT_TRUE(result) << result.error().message();
    EXPECT_EQ(requests(), 1);
    EXPECT_EQ(log, "");
    return;
  }
  const std::string said = "warn   a call to the server fails, trying again call=";
  if (!is_tried_again(call, fault)) {
    ASSERT_FALSE(result);
    EXPECT_EQ(requests(), 1);
    EXPECT_EQ(result.error().retryable(), may_heal(fault)) << result.error().message();
    if (fault.status > 200) {
      EXPECT_EQ(result.error().native(), fault.status);
    }
    EXPECT_EQ(result.error().message().find('\n'), std::string::npos) << "one line";
    EXPECT_EQ(log.find(said) != std::string::npos, call.rule == Rule::Never && may_heal(fault));
    return;
  }
  EXPECT_TRUE(result) << result.error().message();
  EXPECT_EQ(requests(), 4);
  ASSERT_EQ(timers_.slept.size(), 3u);
  if (call.rule == Rule::StandardButLocked && fault.status == 429) {
    EXPECT_EQ(timers_.slept[0], 7 * kSecond) << "as Retry-After says";
  } else {
    EXPECT_GE(timers_.slept[0], call.least) << "Retry-After is for other calls";
    EXPECT_LE(timers_.slept[0], call.most);
  }
  EXPECT_EQ(log.find(said), log.rfind(said)) << "once, however often it is tried\n" << log;
  if (may_heal(fault)) {
    EXPECT_NE(log.find(said), std::string::npos) << log;
    EXPECT_NE(log.find("works again"), std::string::npos) << log;
  }
}

std::string name_of(const testing::TestParamInfo<std::tuple<CallRow, FaultRow>>& info) {
  std::string name = std::get<0>(info.param).name;
  std::erase(name, ' ');
  return name + std::get<1>(info.param).name;
}

INSTANTIATE_TEST_SUITE_P(EachCall, Faults,
                         testing::Combine(testing::ValuesIn(kCalls), testing::ValuesIn(kFaults)),
                         name_of);

class Attempts : public FaultyServer, public testing::WithParamInterface<CallRow> {};

TEST_P(Attempts, EndWithTheirNumber) {
  const CallRow& call = GetParam();
  if (call.attempts == 0) GTEST_SKIP() << "a job's reports are tried for hours";
  const auto result = run(call);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().native(), 500);
  EXPECT_EQ(requests(), call.rule == Rule::NoStatus ? 1 : call.attempts);
}

/// Every answer is cut after each of its bytes in turn.
TEST_P(Attempts, SurviveAnAnswerThatIsCutAnywhere) {
  const CallRow& call = GetParam();
  const std::string body = good_answer(call).body;
  const std::string whole =
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " +
      std::to_string(body.size()) + "\r\n\r\n" + body;
  const std::size_t head = whole.size() - body.size();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    line_up({RawReply{whole.substr(0, size), size % 2 == 0}, good_answer(call)});
    const auto result = run(call);
    if (call.rule == Rule::Never) {
      EXPECT_FALSE(result) << "after byte " << size;
      if (!result) EXPECT_TRUE(result.error().retryable()) << result.error().message();
      EXPECT_EQ(requests(), 1);
      continue;
    }
    EXPECT_TRUE(result) << "after byte " << size << ": " << result.error().message();
    if (size >= head || call.answer != nullptr) {
      EXPECT_EQ(requests(), 2) << "after byte " << size;
    }
  }
}

/// Nobody listens; somebody does when the call has been tried three times.
class LateServer final : public net::Timers {
 public:
  asio::awaitable<bool> sleep(std::chrono::nanoseconds) override {
    if (++sleeps == 3) start();
    co_return !co_await net::is_cancelled();
  }
  std::function<void()> start;
  int sleeps = 0;
};

TEST_P(Attempts, ReachAServerThatIsStartedLate) {
  const CallRow& call = GetParam();
  unsigned short port = 0;
  {
    support::ScriptedServer passing(
        [](ServerRequest) -> asio::awaitable<ServerAnswer> { co_return ServerReply(); });
    port = passing.port();
  }
  std::optional<support::ScriptedServer> late;
  LateServer timers;
  timers.start = [&] {
    late.emplace(
        [&call](ServerRequest) -> asio::awaitable<ServerAnswer> { co_return good_answer(call); },
        port);
  };
  AgentApi api(client_, timers, clock_);
  const Peer peer{"http://127.0.0.1:" + std::to_string(port) + "/v3", Secret("t"), {}};
  const auto result = support::run_task(io_, call.make(api, peer));
  if (call.rule == Rule::Never) {
    ASSERT_FALSE(result);
    EXPECT_TRUE(result.error().retryable());
    return;
  }
  EXPECT_TRUE(result) << result.error().message();
  EXPECT_EQ(timers.sleeps, 3);
}

INSTANTIATE_TEST_SUITE_P(EachCall, Attempts, testing::ValuesIn(kCalls), [](const auto& info) {
  std::string name = info.param.name;
  std::erase(name, ' ');
  return name;
});

}  // namespace
}  // namespace ostler::agent_client
