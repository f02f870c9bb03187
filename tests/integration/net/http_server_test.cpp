// SPDX-License-Identifier: Apache-2.0
#include "net/http_server.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <fstream>
#include <functional>
#include <future>
#include <new>
#include <stdexcept>
#include <thread>

#include "net/tls_identity.hpp"
#include "support/raw_connection.hpp"
#include "support/temp_directory.hpp"
#include "support/test_certificate.hpp"

namespace ostler::net {
namespace {

namespace asio = boost::asio;
using support::body_in;
using support::RawConnection;
using support::status_in;
using testing::HasSubstr;
using testing::StartsWith;

asio::awaitable<void> wait(std::chrono::milliseconds time) {
  asio::steady_timer timer(co_await asio::this_coro::executor, time);
  co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
}

asio::awaitable<bool> is_cancelled() {
  const auto state = co_await asio::this_coro::cancellation_state;
  co_return state.cancelled() != asio::cancellation_type::none;
}

/// Counts to ten, one number a piece.
class TenNumbers final : public BodySource {
 public:
  explicit TenNumbers(std::optional<std::uint64_t> size) : size_(size) {}
  asio::awaitable<Result<std::string>> next() override {
    co_return next_ == 10 ? std::string() : std::to_string(next_++);
  }
  std::optional<std::uint64_t> size() const override { return size_; }
  HttpHeaders trailers() const override { return {{"Last-Number", std::to_string(next_ - 1)}}; }

 private:
  std::optional<std::uint64_t> size_;
  int next_ = 0;
};

/// Has one piece at once and no other for half a minute; counts when it is cancelled.
class OneAndSilence final : public BodySource {
 public:
  explicit OneAndSilence(std::atomic<int>& cancelled) : cancelled_(cancelled) {}
  asio::awaitable<Result<std::string>> next() override {
    if (!std::exchange(has_begun_, true)) co_return "one";
    if (!co_await is_cancelled()) co_await wait(std::chrono::seconds(30));
    if (co_await is_cancelled()) ++cancelled_;
    co_return "";
  }
  std::optional<std::uint64_t> size() const override { return std::nullopt; }

 private:
  std::atomic<int>& cancelled_;
  bool has_begun_ = false;
};

/// Throws, against the contract of bodies.
template <class Exception>
class OneAndAnException final : public BodySource {
 public:
  explicit OneAndAnException(Exception exception) : exception_(std::move(exception)) {}
  asio::awaitable<Result<std::string>> next() override {
    if (std::exchange(has_begun_, true)) throw exception_;
    co_return "one";
  }
  std::optional<std::uint64_t> size() const override { return std::nullopt; }

 private:
  Exception exception_;
  bool has_begun_ = false;
};

template <class Exception>
ServerResponse throws(Exception exception) {
  return {.body = std::make_unique<OneAndAnException<Exception>>(std::move(exception))};
}

/// Does what the path says.
class Playground final : public RequestHandler {
 public:
  asio::awaitable<ServerResponse> handle(ServerRequest& request) override {
    ++calls;
    const std::string what = request.parts.segments.empty() ? "" : request.parts.segments[0];
    if (what == "echo") co_return co_await echo(request);
    if (what == "count") co_return co_await count(request);
    if (what == "hang") co_return co_await hang(request);
    if (what == "slow") co_await wait(std::chrono::milliseconds(200));
    if (what == "file") co_return file_answer();
    if (what == "chunks")
      co_return ServerResponse{.body = std::make_unique<TenNumbers>(std::nullopt)};
    if (what == "stream") {
      co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
      request.peer->cancel_on_hang_up();
      co_return ServerResponse{.body = std::make_unique<OneAndSilence>(cancelled)};
    }
    if (what == "bug") co_return throws(std::runtime_error("a bug"));
    if (what == "hunger") co_return throws(std::bad_alloc());
    if (what == "short") co_return ServerResponse{.body = std::make_unique<TenNumbers>(11)};
    if (what == "evil") co_return ServerResponse{.headers = {{"X-Name", "a\r\nX-Injected: b"}}};
    co_return json_response(200, request.target);
  }

  std::filesystem::path file;
  std::atomic<int> calls = 0;
  std::atomic<int> cancelled = 0;
  std::promise<void> hanging;

 private:
  static asio::awaitable<ServerResponse> echo(ServerRequest& request) {
    auto body = co_await read_whole(*request.body, 1000);
    if (!body) co_return json_response(body.error().native(), body.error().message());
    co_return json_response(200, std::move(body).value());
  }

  static asio::awaitable<ServerResponse> count(ServerRequest& request) {
    std::array<char, 64 * 1024> piece;
    std::uint64_t total = 0;
    for (;;) {
      const auto got = co_await request.body->read_some(piece);
      if (!got) co_return json_response(got.error().native(), got.error().message());
      if (got.value() == 0) break;
      total += got.value();
    }
    co_return json_response(200, std::to_string(total));
  }

  asio::awaitable<ServerResponse> hang(ServerRequest& request) {
    co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
    request.peer->cancel_on_hang_up();
    hanging.set_value();
    co_await wait(std::chrono::seconds(30));
    if (co_await is_cancelled()) ++cancelled;
    co_return json_response(200, "{}");
  }

  ServerResponse file_answer() const {
    UniqueFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    const auto size = std::filesystem::file_size(file);
    return {.body = FileRegion{std::move(fd), 1, size - 1}};
  }
};

struct Way {
  int threads;
  bool tls;
  friend void PrintTo(const Way& way, std::ostream* out) {
    *out << way.threads << (way.tls ? " threads, TLS" : " threads");
  }
};

class HttpServerTest : public testing::TestWithParam<Way> {
 protected:
  void start(HttpServerOptions options = {}) {
    server_.emplace(io_.get_executor(), handler_, options);
    auto listener = listen_on_tcp("127.0.0.1", 0).value();
    port_ = listener.port;
    if (GetParam().tls) listener.open_stream = with_tls();
    server_->serve(std::move(listener));
    for (int index = 0; index < GetParam().threads; ++index)
      threads_.emplace_back([this] { io_.run(); });
  }

  void stop(std::chrono::milliseconds grace = std::chrono::seconds(5)) {
    asio::co_spawn(io_, server_->stop(grace), asio::use_future).get();
    server_.reset();
  }

  void TearDown() override {
    if (server_) stop();
    work_.reset();
    for (auto& thread : threads_) thread.join();
  }

  RawConnection connect() const {
    return GetParam().tls ? RawConnection::to_tls_port(port_) : RawConnection::to_port(port_);
  }

  static StreamOpener with_tls() {
    static const support::TempDirectory directory;
    static const auto files = support::make_certificate(directory.path());
    const auto identity =
        std::make_shared<TlsIdentity>(TlsIdentity::load({files.certificate, files.key}).value());
    return [identity](UniqueFd socket, const asio::any_io_executor& strand) {
      return identity->open_stream(std::move(socket), strand);
    };
  }

  asio::io_context io_;
  asio::executor_work_guard<asio::io_context::executor_type> work_{io_.get_executor()};
  Playground handler_;
  std::optional<HttpServer> server_;
  std::vector<std::thread> threads_;
  std::uint16_t port_ = 0;
};

INSTANTIATE_TEST_SUITE_P(Threads, HttpServerTest,
                         testing::Values(Way{1, false}, Way{8, false}, Way{1, true}, Way{8, true}));

TEST_P(HttpServerTest, AnswersOneRequestAfterTheOtherOnOneConnection) {
  start();
  auto peer = connect();
  for (const std::string target : {"/a", "/b?x=1", "/c%2Fd"}) {
    ASSERT_TRUE(peer.send("GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n"));
    EXPECT_EQ(body_in(peer.read_answer()), target);
  }
}

TEST_P(HttpServerTest, AnswersPipelinedRequestsInOrder) {
  start();
  auto peer = connect();
  std::string all;
  for (int index = 0; index < 100; ++index) {
    const std::string body = "body " + std::to_string(index);
    all += "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
  }
  ASSERT_TRUE(peer.send(all));
  for (int index = 0; index < 100; ++index) {
    ASSERT_EQ(body_in(peer.read_answer()), "body " + std::to_string(index));
  }
}

TEST_P(HttpServerTest, ClosesWhenAskedTo) {
  start();
  auto peer = connect();
  ASSERT_TRUE(peer.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
  EXPECT_THAT(peer.read_to_end(), HasSubstr("Connection: close\r\n"));
}

TEST_P(HttpServerTest, AnswersAPeerThatHasShutDownItsSide) {
  start();
  auto peer = connect();
  ASSERT_TRUE(peer.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n"));
  peer.shut_down_sending();
  EXPECT_EQ(status_in(peer.read_to_end()), 200);
}

TEST_P(HttpServerTest, AnswersGarbageWithA400InJson) {
  start();
  for (const std::string garbage :
       {"\x16\x03\x01\x02\x00\x01 hello\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n",
        "GET / HTTP/1.1\r\nbad header\r\n\r\n", "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /a%00b HTTP/1.1\r\nHost: x\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd"}) {
    auto peer = connect();
    ASSERT_TRUE(peer.send(garbage));
    const std::string answer = peer.read_answer();
    EXPECT_EQ(status_in(answer), 400) << garbage;
    EXPECT_THAT(body_in(answer), StartsWith("{\"message\":")) << garbage;
  }
}

TEST_P(HttpServerTest, RefusesAHeadOverTheLimit) {
  start();
  auto peer = connect();
  peer.send("GET / HTTP/1.1\r\nX: " + std::string(70'000, 'x') + "\r\n\r\n");
  EXPECT_EQ(status_in(peer.read_answer()), 431);
  EXPECT_EQ(handler_.calls, 0);
}

TEST_P(HttpServerTest, RefusesABodyOverTheLimitBeforeItIsSent) {
  start();
  auto declared = connect();
  declared.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5000000000\r\n\r\n");
  EXPECT_EQ(status_in(declared.read_answer()), 413);
  auto chunked = connect();
  chunked.send("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n" +
               std::string(1001, 'x') + "\r\n0\r\n\r\n");
  EXPECT_EQ(status_in(chunked.read_answer()), 413);
}

TEST_P(HttpServerTest, ARefusalReachesAPeerThatGoesOnSending) {
  start();
  auto peer = connect();
  constexpr std::size_t kSize = 8u << 20;
  peer.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(kSize) +
            "\r\n\r\n");
  peer.send(std::string(kSize, 'x'));
  EXPECT_EQ(status_in(peer.read_answer()), 413);
}

TEST_P(HttpServerTest, TakesABodyAtTheLimit) {
  start();
  auto peer = connect();
  peer.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n" +
            std::string(1000, 'x'));
  EXPECT_EQ(body_in(peer.read_answer()), std::string(1000, 'x'));
}

TEST_P(HttpServerTest, SaysContinueWhenTheBodyIsWanted) {
  start();
  auto peer = connect();
  peer.send("POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
  EXPECT_EQ(status_in(peer.read_answer()), 100);
  peer.send("hello");
  EXPECT_EQ(body_in(peer.read_answer()), "hello");
}

TEST_P(HttpServerTest, KeepsTheConnectionAfterABodyNobodyRead) {
  start();
  auto peer = connect();
  peer.send("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello");
  EXPECT_EQ(body_in(peer.read_answer()), "/a");
  peer.send("GET /b HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(body_in(peer.read_answer()), "/b");
}

TEST_P(HttpServerTest, StreamsALargeBodyInPieces) {
  start();
  auto peer = connect();
  constexpr std::size_t kSize = 64u << 20;
  peer.send("PUT /count HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(kSize) +
            "\r\n\r\n");
  const std::string piece(1u << 20, 'x');
  for (std::size_t sent = 0; sent < kSize; sent += piece.size()) ASSERT_TRUE(peer.send(piece));
  EXPECT_EQ(body_in(peer.read_answer()), std::to_string(kSize));
}

TEST_P(HttpServerTest, SendsAPartOfAFile) {
  const support::TempDirectory directory;
  handler_.file = directory / "file";
  std::string content(3u << 20, 'x');
  content[1] = 'a';
  content.back() = 'z';
  std::ofstream(handler_.file) << content;
  start();
  auto peer = connect();
  peer.send("GET /file HTTP/1.1\r\nHost: x\r\n\r\nHEAD /file HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(body_in(peer.read_answer()), content.substr(1));
}

TEST_P(HttpServerTest, SendsABodyOfUnknownSizeInChunks) {
  start();
  auto peer = connect();
  peer.send("GET /chunks HTTP/1.1\r\nHost: x\r\n\r\nGET /next HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(body_in(peer.read_answer()), "0123456789");
  EXPECT_EQ(body_in(peer.read_answer()), "/next");
}

TEST_P(HttpServerTest, EndsABodyOfUnknownSizeByClosingForHttp10) {
  start();
  auto peer = connect();
  peer.send("GET /chunks HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(body_in(peer.read_to_end()), "0123456789");
}

TEST_P(HttpServerTest, CutsTheConnectionWhenABodyTurnsOutShort) {
  start();
  auto peer = connect();
  peer.send("GET /short HTTP/1.1\r\nHost: x\r\n\r\n");
  const std::string answer = peer.read_to_end();
  EXPECT_THAT(answer, HasSubstr("Content-Length: 11"));
  EXPECT_LT(body_in(answer).size(), 11u);
}

TEST_P(HttpServerTest, CutsNoOtherConnectionWhenABodyThrows) {
  start();
  auto peer = connect();
  peer.send("GET /bug HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(peer.read_to_end(), HasSubstr("\r\none\r\n"));
  auto other = connect();
  other.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(status_in(other.read_to_end()), 200);
}

TEST_P(HttpServerTest, EndsTheProcessWhenABodyHasNoMemory) {
  EXPECT_DEATH(
      {
        start();
        auto peer = connect();
        peer.send("GET /hunger HTTP/1.1\r\nHost: x\r\n\r\n");
        peer.read_to_end();
      },
      "bad_alloc");
}

TEST_P(HttpServerTest, SaysTrailersBehindABody) {
  start();
  auto peer = connect();
  peer.send("GET /chunks HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(body_in(peer.read_answer()), "0123456789");
  EXPECT_EQ(peer.trailers(), "Last-Number: 9\r\n");
}

TEST_P(HttpServerTest, KeepsLineBreaksOutOfHeaders) {
  start();
  auto peer = connect();
  peer.send("GET /evil HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(peer.read_answer(), HasSubstr("X-Name: a  X-Injected: b\r\n"));
}

TEST_P(HttpServerTest, GivesUpOnAHeadThatTrickles) {
  start({.read_timeout = std::chrono::milliseconds(100)});
  auto peer = connect();
  peer.send("GET / HTTP/1.1\r\nHo");
  EXPECT_EQ(peer.read_to_end(), "") << "an answer would tell some clients not to try again";
}

TEST_P(HttpServerTest, GivesUpOnABodyThatStops) {
  start({.read_timeout = std::chrono::milliseconds(100)});
  auto peer = connect();
  peer.send("POST /count HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhell");
  EXPECT_EQ(status_in(peer.read_to_end()), 408);
}

TEST_P(HttpServerTest, GivesUpOnABodyThatTrickles) {
  if (GetParam().tls) GTEST_SKIP() << "a TLS peer cannot send and receive on two threads";
  start({.read_timeout = std::chrono::milliseconds(300)});
  auto peer = connect();
  peer.send("POST /count HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n");
  auto answer = std::async(std::launch::async, [&] { return peer.read_to_end(); });
  const auto begun = std::chrono::steady_clock::now();
  while (answer.wait_for(std::chrono::milliseconds(50)) != std::future_status::ready) {
    ASSERT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(15));
    peer.send("x");
  }
  EXPECT_EQ(status_in(answer.get()), 408);
}

TEST_P(HttpServerTest, TakesABodyThatComesSlowlyButSteadily) {
  if (GetParam().tls) GTEST_SKIP() << "a TLS peer cannot send and receive on two threads";
  start({.read_timeout = std::chrono::seconds(5)});
  auto peer = connect();
  constexpr int kPieces = 20;
  peer.send("POST /count HTTP/1.1\r\nHost: x\r\nContent-Length: 4000\r\n\r\n");
  auto answer = std::async(std::launch::async, [&] { return peer.read_answer(); });
  for (int i = 0; i < kPieces; ++i) {
    peer.send(std::string(4000 / kPieces, 'x'));
    (void)answer.wait_for(std::chrono::milliseconds(300));
  }
  EXPECT_EQ(status_in(answer.get()), 200);
}

TEST_P(HttpServerTest, ClosesAfterABodyThatIsCutShort) {
  start();
  auto peer = connect();
  peer.send("POST /count HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n" +
            std::string(50'000, 'x'));
  peer.shut_down_sending();
  const auto before = std::chrono::steady_clock::now();
  EXPECT_NE(peer.read_to_end(), "");
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(10));
}

TEST_P(HttpServerTest, ClosesAnIdleConnection) {
  start({.idle_timeout = std::chrono::seconds(1)});
  auto peer = connect();
  peer.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(status_in(peer.read_answer()), 200);
  EXPECT_EQ(peer.read_to_end(), "");
}

TEST_P(HttpServerTest, GivesUpOnAPeerThatTakesNothing) {
  const support::TempDirectory directory;
  handler_.file = directory / "file";
  std::ofstream(handler_.file) << std::string(64u << 20, 'x');
  start({.write_timeout = std::chrono::milliseconds(100)});
  auto peer = connect();
  peer.send("GET /file HTTP/1.1\r\nHost: x\r\n\r\n");
  while (handler_.calls == 0) std::this_thread::yield();
  stop(std::chrono::seconds(20));  // returns only when the connection is gone
  EXPECT_LT(peer.read_to_end().size(), 64u << 20);
}

TEST_P(HttpServerTest, ServesNoMoreConnectionsThanAllowed) {
  start({.max_connections = 1});
  {
    auto first = connect();
    first.send("GET /first HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_EQ(status_in(first.read_answer()), 200);
    // Without TLS: hands would be shaken with whoever is served only.
    auto second = RawConnection::to_port(port_);
    second.send("GET /second HTTP/1.1\r\nHost: x\r\n\r\n");
    first.send("GET /first HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_EQ(status_in(first.read_answer()), 200);
    EXPECT_EQ(handler_.calls, 2);
  }
  auto third = connect();
  third.send("GET /third HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(status_in(third.read_answer()), 200);
}

TEST_P(HttpServerTest, TellsALongWaitThatItsPeerHungUp) {
  start();
  {
    auto peer = connect();
    peer.send("GET /hang HTTP/1.1\r\nHost: x\r\n\r\n");
    handler_.hanging.get_future().wait();
  }
  stop(std::chrono::seconds(20));
  EXPECT_EQ(handler_.cancelled, 1);
}

TEST_P(HttpServerTest, TellsAStreamThatItsPeerHungUp) {
  start();
  {
    auto peer = connect();
    peer.send("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_EQ(status_in(peer.read_head()), 200);
    EXPECT_EQ(peer.read_chunk(), "one");
  }
  const auto began = std::chrono::steady_clock::now();
  while (handler_.cancelled == 0 &&
         std::chrono::steady_clock::now() - began < std::chrono::seconds(10)) {
    std::this_thread::yield();
  }
  EXPECT_EQ(handler_.cancelled, 1);
  stop(std::chrono::seconds(20));
}

TEST_P(HttpServerTest, EndsAStreamProperlyWhenItStops) {
  start();
  auto peer = connect();
  peer.send("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n");
  peer.read_head();
  EXPECT_EQ(peer.read_chunk(), "one");
  stop(std::chrono::seconds(20));
  EXPECT_EQ(peer.read_to_end(), "0\r\n\r\n");
}

TEST_P(HttpServerTest, EndsLongWaitsAndIdleConnectionsWhenItStops) {
  start();
  auto idle = connect();
  idle.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(status_in(idle.read_answer()), 200);
  auto waiting = connect();
  waiting.send("GET /hang HTTP/1.1\r\nHost: x\r\n\r\n");
  handler_.hanging.get_future().wait();
  const auto began = std::chrono::steady_clock::now();
  stop(std::chrono::seconds(20));
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(10));
  EXPECT_EQ(idle.read_to_end(), "");
  EXPECT_THAT(waiting.read_to_end(), HasSubstr("Connection: close"));
}

TEST_P(HttpServerTest, FinishesARunningRequestWhenItStops) {
  start();
  auto peer = connect();
  peer.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
  while (handler_.calls == 0) std::this_thread::yield();
  stop(std::chrono::seconds(20));
  EXPECT_EQ(status_in(peer.read_to_end()), 200);
}

TEST_P(HttpServerTest, CutsAConnectionWhenTheGraceIsOver) {
  start();
  auto peer = connect();
  peer.send("POST /count HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhell");
  while (handler_.calls == 0) std::this_thread::yield();
  stop(std::chrono::milliseconds(50));
  EXPECT_EQ(status_in(peer.read_to_end()), 0);
}

TEST_P(HttpServerTest, ServesAUnixSocketToItsOwnUser) {
  const support::TempDirectory directory;
  start();
  ASSERT_TRUE(server_->listen_unix(directory / "s"));
  auto peer = RawConnection::to_unix(directory / "s");
  peer.send("GET /unix HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(body_in(peer.read_answer()), "/unix");
  EXPECT_EQ(std::filesystem::status(directory / "s").permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST_P(HttpServerTest, NamesAPortInUseAndAPathTooLong) {
  start();
  const auto taken = server_->listen_tcp("127.0.0.1", port_);
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().code(), Errc::Conflict);
  EXPECT_THAT(taken.error().message(), HasSubstr(std::to_string(port_)));
  const auto long_path = server_->listen_unix("/tmp/" + std::string(200, 'x'));
  ASSERT_FALSE(long_path);
  EXPECT_EQ(long_path.error().code(), Errc::UserFault);
}

}  // namespace
}  // namespace ostler::net
