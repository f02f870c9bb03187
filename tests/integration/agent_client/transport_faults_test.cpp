// SPDX-License-Identifier: Apache-2.0
// Both ways of a command to its server when the answer is cut after any byte, or trickles.
#include <gtest/gtest.h>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <deque>
#include <memory>

#include "agent_client/ask.hpp"
#include "agent_client/http_transport.hpp"
#include "agent_client/job_socket_transport.hpp"
#include "base/guarded.hpp"
#include "support/scripted_server.hpp"
#include "support/tcp_proxy.hpp"
#include "support/temp_directory.hpp"
#include "wire/agent_api.hpp"

namespace ostler::agent_client {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using support::RawReply;
using support::ServerAnswer;
using support::ServerReply;
using support::ServerRequest;

constexpr const char* kDatum = R"({"key":"k","value":"v"})";

enum class Way { Http, JobSocket };

class TransportFaults : public testing::TestWithParam<Way> {
 protected:
  std::unique_ptr<Transport> transport() {
    if (GetParam() == Way::Http) {
      return std::make_unique<HttpTransport>(Peer{server_.url() + "/v3", Secret("t"), {}});
    }
    return std::make_unique<JobSocketTransport>(JobSocket{directory_ / "job.sock", Secret("s")});
  }
  Result<wire::MetaDatum> get(Transport& way) {
    return ask_for(way, "meta-data get", {"POST", "jobs/j/data/get", "{}", "u"},
                   policy::kMetaDataGet, clock_,
                   [](const std::string& body) { return wire::decode_meta_datum(body); });
  }
  void line_up(std::deque<ServerAnswer> answers) {
    answers_.with([&](auto& line) { line = std::move(answers); });
  }
  asio::awaitable<ServerAnswer> answer() {
    co_return answers_.with([](auto& line) -> ServerAnswer {
      if (line.empty()) return ServerReply{200, kDatum};
      ServerAnswer next = std::move(line.front());
      line.pop_front();
      return next;
    });
  }

  const support::TempDirectory directory_;
  Guarded<std::deque<ServerAnswer>> answers_;
  support::ScriptedServer server_{[this](ServerRequest) { return answer(); }};
  support::TcpProxy socket_{server_.port(), directory_ / "job.sock"};
  int waits_ = 0;
  const RetryClock clock_{[this](std::chrono::milliseconds) { ++waits_; },
                          [] { return std::chrono::milliseconds(0); }};
};

TEST_P(TransportFaults, AnAnswerThatIsCutAnywhereIsAskedForAgain) {
  const std::string whole =
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " +
      std::to_string(std::string_view(kDatum).size()) + "\r\n\r\n" + kDatum;
  for (std::size_t cut = 0; cut < whole.size(); ++cut) {
    const auto way = transport();  // a connection that was kept would be replaced, and not count
    waits_ = 0;
    line_up({RawReply{whole.substr(0, cut), cut % 2 == 0}, RawReply{whole.substr(0, cut)}});
    const auto datum = get(*way);
    ASSERT_TRUE(datum) << "after byte " << cut << ": " << datum.error().message();
    EXPECT_EQ(datum.value().value, "v");
    EXPECT_EQ(waits_, 2) << "after byte " << cut;
  }
}

INSTANTIATE_TEST_SUITE_P(Each, TransportFaults, testing::Values(Way::Http, Way::JobSocket),
                         [](const auto& info) {
                           return info.param == Way::Http ? "OverHttp" : "ThroughTheSocket";
                         });

/// A body that goes on for ever, a byte at a time.
asio::awaitable<ServerAnswer> trickle(ServerRequest) {
  co_return support::StreamReply{{}, []() -> asio::awaitable<std::optional<std::string>> {
                                   asio::steady_timer pause(co_await asio::this_coro::executor,
                                                            5ms);
                                   co_await pause.async_wait(asio::use_awaitable);
                                   co_return "x";
                                 }};
}

TEST(TricklingAnswer, EndsWithThePatienceOfWhoAskedThroughTheSocket) {
  const support::TempDirectory directory;
  support::ScriptedServer server(trickle);
  const support::TcpProxy socket(server.port(), directory / "job.sock");
  JobSocketTransport transport({directory / "job.sock", Secret("s")}, 1s);
  const auto answer = transport.call({"GET", "jobs/j", "", "u"});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code(), Errc::Timeout);
}

TEST(TricklingAnswer, EndsAtTheDeadlineOfTheWholeRequest) {
  support::ScriptedServer server(trickle);
  net::BlockingHttpClient client;
  net::HttpRequest request{.method = "GET", .url = server.url()};
  request.total_timeout = 300ms;
  const auto answer = client.send(request);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code(), Errc::Timeout);
  EXPECT_TRUE(answer.error().retryable());
}

}  // namespace
}  // namespace ostler::agent_client
