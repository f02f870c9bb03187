// SPDX-License-Identifier: Apache-2.0
#include "net/http_client.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <array>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fstream>
#include <optional>

#include "files/file.hpp"
#include "support/scripted_server.hpp"
#include "support/temp_directory.hpp"

namespace ostler::net {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using support::ScriptedServer;
using support::ServerAnswer;
using support::ServerReply;
using support::ServerRequest;
using support::TempDirectory;

/// Says back what it was asked, one line each: method and target, chosen headers, body.
asio::awaitable<ServerAnswer> echo(ServerRequest request) {
  std::string text = request.method + " " + request.target + "\n";
  for (const auto* name : {"authorization", "content-type", "content-length", "user-agent"}) {
    if (request.headers.contains(name))
      text += std::string(name) + "=" + request.headers[name] + "\n";
  }
  co_return ServerReply{200, text + request.body, {{"X-Seen", "yes"}}};
}

ScriptedServer::Handler always(ServerAnswer answer) {
  return [answer](ServerRequest) -> asio::awaitable<ServerAnswer> { co_return answer; };
}

asio::awaitable<void> keep(asio::awaitable<Result<HttpResponse>> call,
                           std::optional<Result<HttpResponse>>& result) {
  result = co_await std::move(call);
}

/// One request through the asynchronous client, on a loop of its own.
Result<HttpResponse> send(HttpRequest request) {
  asio::io_context io;
  HttpClient client(io.get_executor());
  std::optional<Result<HttpResponse>> result;
  asio::co_spawn(io, keep(client.send(std::move(request)), result), asio::detached);
  io.run();
  return std::move(*result);
}

HttpRequest get(const std::string& url) { return {.method = "GET", .url = url}; }

TEST(HttpClient, SendsMethodHeadersAndBodyInOneRequest) {
  ScriptedServer server(echo);
  HttpRequest request{.method = "PUT", .url = server.url() + "/a?b=c"};
  request.headers = {{"Authorization", "Token t"}, {"Content-Type", "application/json"}};
  request.body = R"({"a":1})";
  const auto answer = send(std::move(request));
  ASSERT_TRUE(answer) << answer.error().message();
  EXPECT_EQ(answer.value().status, 200);
  EXPECT_EQ(answer.value().header("x-seen"), "yes");
  EXPECT_EQ(answer.value().body,
            "PUT /a?b=c\nauthorization=Token t\ncontent-type=application/json\n"
            "content-length=7\nuser-agent=ostler\n{\"a\":1}");
}

TEST(HttpClient, SendsNoContentTypeWithAnEmptyBody) {
  ScriptedServer server(echo);
  const auto answer = send({.method = "POST", .url = server.url() + "/connect"});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer.value().body, "POST /connect\ncontent-length=0\nuser-agent=ostler\n");
}

TEST(HttpClient, TakesAnErrorStatusForAnAnswer) {
  ScriptedServer server(always(ServerReply{503, "busy"}));
  const auto answer = send(get(server.url()));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer.value().status, 503);
  EXPECT_EQ(answer.value().body, "busy");
}

TEST(HttpClient, SendsPartOfAFileWithItsExactSize) {
  ScriptedServer server(echo);
  TempDirectory directory;
  ASSERT_TRUE(files::write_file_atomically(directory / "part", "0123456789"));
  HttpRequest request{.method = "PUT", .url = server.url() + "/p"};
  request.body = FileBody{directory / "part", 3, 4};
  const auto answer = send(std::move(request));
  ASSERT_TRUE(answer) << answer.error().message();
  EXPECT_EQ(answer.value().body, "PUT /p\ncontent-length=4\nuser-agent=ostler\n3456");
}

TEST(HttpClient, SendsAnOpenFileWholeUnlessItWasChanged) {
  ScriptedServer server(echo);
  TempDirectory directory;
  ASSERT_TRUE(files::write_file_atomically(directory / "file", "0123456789"));
  HttpRequest request{.method = "POST", .url = server.url() + "/p"};
  request.body =
      open_file_body(UniqueFd(::open((directory / "file").c_str(), O_RDONLY | O_CLOEXEC)), "file")
          .value();
  const auto answer = send(request);
  ASSERT_TRUE(answer) << answer.error().message();
  EXPECT_EQ(answer.value().body, "POST /p\ncontent-length=10\nuser-agent=ostler\n0123456789");
  ASSERT_TRUE(files::write_file_atomically(directory / "file", "another"));
  EXPECT_TRUE(send(request)) << "it is another file of that name";
  std::filesystem::last_write_time(directory / "file", {});  // what is written is newer
  request.body =
      open_file_body(UniqueFd(::open((directory / "file").c_str(), O_RDONLY | O_CLOEXEC)), "file")
          .value();
  std::ofstream(directory / "file") << "newer..";
  EXPECT_EQ(send(request).error().code(), Errc::Conflict);
}

TEST(HttpClient, PutsTheFileOfAFormLast) {
  ScriptedServer server(echo);
  TempDirectory directory;
  ASSERT_TRUE(files::write_file_atomically(directory / "log", "content of the file"));
  HttpRequest request{.method = "POST", .url = server.url()};
  request.body = FormBody{
      {{"key", "a/b"}, {"policy", "p"}}, "file", "log/test.txt", "text/x", directory / "log"};
  const auto answer = send(std::move(request));
  ASSERT_TRUE(answer) << answer.error().message();
  const std::string& body = answer.value().body;
  const auto key = body.find("name=\"key\"");
  const auto policy = body.find("name=\"policy\"");
  const auto file = body.find("name=\"file\"; filename=\"log/test.txt\"");
  ASSERT_NE(file, std::string::npos) << body;
  EXPECT_LT(key, policy);
  EXPECT_LT(policy, file);
  EXPECT_GT(body.find("content of the file"), file);
  EXPECT_NE(body.find("multipart/form-data"), std::string::npos);
}

TEST(HttpClient, NamesABodyFileThatIsMissing) {
  ScriptedServer server(echo);
  HttpRequest request{.method = "PUT", .url = server.url()};
  request.body = FileBody{"/nonexistent/file", 0, 4};
  const auto answer = send(std::move(request));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code(), Errc::NotFound);
  EXPECT_NE(answer.error().message().find("/nonexistent/file"), std::string::npos);
}

TEST(HttpClient, DownloadsASuccessToTheFileAndAnErrorToMemory) {
  TempDirectory directory;
  {
    ScriptedServer server(always(ServerReply{200, std::string(300'000, 'x')}));
    HttpRequest request = get(server.url());
    request.download_to = directory / "out";
    request.response_limit = 10;
    const auto answer = send(std::move(request));
    ASSERT_TRUE(answer) << answer.error().message();
    EXPECT_EQ(answer.value().body, "");
    EXPECT_EQ(files::read_file(directory / "out").value(), std::string(300'000, 'x'));
  }
  ScriptedServer server(always(ServerReply{404, "gone"}));
  HttpRequest request = get(server.url());
  request.download_to = directory / "out";
  EXPECT_EQ(send(std::move(request)).value().body, "gone");
}

TEST(HttpClient, EndsWithTheHeadWhenNoBodyMayBeHeld) {
  ScriptedServer server(always(support::RawReply{
      "HTTP/1.1 103 Early Hints\r\nX-Early: yes\r\n\r\n"
      "HTTP/1.1 503 Later\r\nContent-Length: 1000000\r\nX-Late: yes\r\n\r\nshort"}));
  HttpRequest request = get(server.url());
  request.response_limit = 0;
  const auto answer = send(std::move(request));
  ASSERT_TRUE(answer) << answer.error().message();
  EXPECT_EQ(answer.value().status, 503);
  EXPECT_EQ(answer.value().header("x-late"), "yes");
  EXPECT_EQ(answer.value().body, "");
}

/// The failure of a request to localhost, where nobody listens, with these networks forbidden.
Errc failure_with_forbidden(std::string networks) {
  unsigned short port = 0;
  {
    const ScriptedServer gone(echo);
    port = gone.port();
  }
  BlockingHttpClient client({.forbidden_networks = std::move(networks)});
  const auto answer = client.send(get("http://localhost:" + std::to_string(port)));
  return answer ? Errc::Internal : answer.error().code();
}

TEST(HttpClient, IsDeniedWhenAllAddressesAreForbiddenAndOnlyThen) {
  EXPECT_EQ(failure_with_forbidden("127.0.0.0/8 ::1"), Errc::Denied);
  EXPECT_EQ(failure_with_forbidden(" "), Errc::Unavailable);
}

/// Where localhost has addresses of both kinds, as nearly everywhere.
TEST(HttpClient, IsNotDeniedWhenAPermittedAddressHasRefused) {
  EXPECT_EQ(failure_with_forbidden("::1"), Errc::Unavailable);
}

TEST(HttpClient, RefusesAnAnswerOverTheLimit) {
  ScriptedServer server(always(ServerReply{200, std::string(1000, 'x')}));
  HttpRequest request = get(server.url());
  request.response_limit = 999;
  const auto answer = send(std::move(request));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code(), Errc::Protocol);
}

/// A sink that collects what it is given.
BodySink into(std::string& text, std::vector<int>& statuses) {
  return [&](const HttpResponse& head, std::string_view piece) -> Result<void> {
    statuses.push_back(head.status);
    text.append(piece);
    return success();
  };
}

TEST(HttpClient, HandsABodyThatGoesOnToItsSinkWhileItComes) {
  asio::io_context io;
  asio::cancellation_signal cancel;
  int left = 2;
  ScriptedServer server([&](ServerRequest request) -> asio::awaitable<ServerAnswer> {
    EXPECT_FALSE(request.headers.contains("accept-encoding"));
    co_return support::StreamReply{
        {{"X-Kind", "stream"}}, [&]() -> asio::awaitable<std::optional<std::string>> {
          if (left-- > 0) co_return "piece;";
          asio::steady_timer never(co_await asio::this_coro::executor,
                                   asio::steady_timer::time_point::max());
          co_await never.async_wait(asio::use_awaitable);
          co_return std::nullopt;
        }};
  });
  HttpClient client(io.get_executor());
  HttpRequest request = get(server.url());
  std::string text;
  request.body_sink = [&](const HttpResponse& head, std::string_view piece) -> Result<void> {
    EXPECT_EQ(head.status, 200);
    EXPECT_EQ(head.header("x-kind"), "stream");
    text.append(piece);
    if (text == "piece;piece;") {
      asio::post(io, [&] { cancel.emit(asio::cancellation_type::terminal); });
    }
    return success();
  };
  std::optional<Result<HttpResponse>> result;
  asio::co_spawn(io, keep(client.send(std::move(request)), result),
                 asio::bind_cancellation_slot(cancel.slot(), asio::detached));
  io.run();
  ASSERT_TRUE(result && !*result);
  EXPECT_EQ(result->error().code(), Errc::Cancelled);
}

TEST(HttpClient, KeepsTheHeadAndTheTrailersOfABodyThatWentToASink) {
  ScriptedServer server(always(support::RawReply{
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-End: yes\r\n\r\n"}));
  HttpRequest request = get(server.url());
  request.response_limit = 1;
  std::string text;
  std::vector<int> statuses;
  request.body_sink = into(text, statuses);
  const auto answer = send(std::move(request));
  ASSERT_TRUE(answer) << answer.error().message();
  EXPECT_EQ(text, "abc");
  EXPECT_GE(statuses.size(), 2u) << "the first piece comes with the head";
  EXPECT_EQ(answer.value().header("x-end"), "yes");
  EXPECT_EQ(answer.value().body, "");
}

TEST(HttpClient, GivesNoErrorPageToASink) {
  ScriptedServer server(always(ServerReply{500, "broken"}));
  HttpRequest request = get(server.url());
  std::string text;
  std::vector<int> statuses;
  request.body_sink = into(text, statuses);
  const auto answer = send(std::move(request));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer.value().body, "broken");
  EXPECT_TRUE(statuses.empty());
}

TEST(HttpClient, EndsARequestWithTheErrorOfItsSink) {
  ScriptedServer server(always(ServerReply{200, "nonsense"}));
  for (const std::size_t enough : {0u, 1u}) {
    HttpRequest request = get(server.url());
    std::size_t got = 0;
    request.body_sink = [&](const HttpResponse&, std::string_view piece) -> Result<void> {
      got += piece.size();
      if (got < enough) return success();
      return Error(Errc::Protocol, "not what was asked for");
    };
    const auto answer = send(std::move(request));
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().message(), "not what was asked for");
  }
}

struct Broken {
  ServerAnswer answer;
  Errc expected;
};

TEST(HttpClient, TellsBrokenAnswersApartAsRetryableErrors) {
  const Broken cases[] = {
      {support::RawReply{"<html>no http</html>"}, Errc::Protocol},
      {support::RawReply{""}, Errc::Unavailable},
      {support::RawReply{"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"}, Errc::Unavailable},
      {support::ResetReply(), Errc::Unavailable},
      {ServerReply{200, "no gzip", {{"Content-Encoding", "gzip"}}}, Errc::Protocol},
  };
  for (const Broken& one : cases) {
    ScriptedServer server(always(one.answer));
    const auto answer = send(get(server.url()));
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code(), one.expected) << answer.error().message();
    EXPECT_TRUE(answer.error().retryable()) << answer.error().message();
  }
}

TEST(HttpClient, SaysThatNobodyListens) {
  std::string url;
  {
    url = ScriptedServer(echo).url();
  }
  const auto answer = send(get(url));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code(), Errc::Unavailable);
  EXPECT_TRUE(answer.error().retryable());
  EXPECT_NE(answer.error().message().find(url), std::string::npos) << answer.error().message();
}

TEST(HttpClient, EndsASilentRequestAtItsDeadline) {
  ScriptedServer server(always(support::SilentReply()));
  HttpRequest request = get(server.url());
  request.total_timeout = 50ms;
  const auto answer = send(std::move(request));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code(), Errc::Timeout);
  EXPECT_TRUE(answer.error().retryable());
}

/// A body of one byte every `pause`, for `beats` times.
ServerAnswer heartbeats(int beats, std::chrono::milliseconds pause) {
  const auto left = std::make_shared<int>(beats);
  return support::StreamReply{{}, [left, pause]() -> asio::awaitable<std::optional<std::string>> {
                                asio::steady_timer timer(co_await asio::this_coro::executor, pause);
                                co_await timer.async_wait(asio::use_awaitable);
                                if ((*left)-- == 0) co_return std::nullopt;
                                co_return ".";
                              }};
}

TEST(HttpClient, DoesNotCallAFewBytesNowAndThenSilence) {
  // Less than a byte a second on average, as the heartbeats of a hub that has nothing to say are.
  ScriptedServer server(always(heartbeats(5, 1200ms)));
  HttpRequest request = get(server.url());
  request.idle_timeout = 3s;
  std::string text;
  request.body_sink = [&](const HttpResponse&, std::string_view piece) -> Result<void> {
    text.append(piece);
    return success();
  };
  const auto answer = send(std::move(request));
  ASSERT_TRUE(answer) << answer.error().message();
  EXPECT_EQ(text, ".....");
}

TEST(HttpClient, EndsARequestOnceNothingHasComeForTooLong) {
  for (const bool has_head : {false, true}) {
    ScriptedServer server(
        always(has_head ? heartbeats(1, 1h) : ServerAnswer(support::SilentReply())));
    HttpRequest request = get(server.url());
    request.idle_timeout = 1s;
    const auto answer = send(request);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code(), Errc::Timeout) << answer.error().message();
    EXPECT_TRUE(answer.error().retryable());
    EXPECT_EQ(answer.error().message(), "GET " + server.url() + ": no byte came for 1 s");
    const auto waited_for = BlockingHttpClient().send(request);
    ASSERT_FALSE(waited_for);
    EXPECT_EQ(waited_for.error().code(), Errc::Timeout) << waited_for.error().message();
  }
}

TEST(HttpClient, FollowsARedirectUnlessItMustNot) {
  ScriptedServer server([](ServerRequest request) -> asio::awaitable<ServerAnswer> {
    if (request.target != "/old") co_return ServerReply{200, "moved here"};
    co_return ServerReply{302, "moved", {{"Location", "/new"}}};
  });
  EXPECT_EQ(send(get(server.url() + "/old")).value().body, "moved here");
  HttpRequest request = get(server.url() + "/old");
  request.follow_redirects = false;
  EXPECT_EQ(send(request).value().status, 302);
}

TEST(HttpClient, RefusesOtherSchemes) {
  const auto answer = send(get("file:///etc/passwd"));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code(), Errc::UserFault);
  EXPECT_FALSE(answer.error().retryable());
}

TEST(HttpClient, CancelsARequestUnderWay) {
  asio::io_context io;
  asio::cancellation_signal cancel;
  ScriptedServer server([&](ServerRequest) -> asio::awaitable<ServerAnswer> {
    asio::post(io, [&] { cancel.emit(asio::cancellation_type::terminal); });
    co_return support::SilentReply();
  });
  HttpClient client(io.get_executor());
  std::optional<Result<HttpResponse>> result;
  asio::co_spawn(io, keep(client.send(get(server.url())), result),
                 asio::bind_cancellation_slot(cancel.slot(), asio::detached));
  io.run();
  ASSERT_TRUE(result && !*result);
  EXPECT_EQ(result->error().code(), Errc::Cancelled);
}

asio::awaitable<void> fetch(HttpClient& client, std::string url, int& answered) {
  for (int i = 0; i < 10; ++i) {
    const auto answer = co_await client.send(get(url + "/" + std::to_string(i)));
    if (answer && answer.value().body.starts_with("GET /" + std::to_string(i))) ++answered;
  }
}

TEST(HttpClient, RunsManyRequestsAtOnceOnFewConnections) {
  ScriptedServer server(echo);
  asio::io_context io;
  HttpClient client(io.get_executor());
  std::array<int, 20> answered{};
  for (int& count : answered) {
    asio::co_spawn(io, fetch(client, server.url(), count), asio::detached);
  }
  io.run();
  for (const int count : answered) EXPECT_EQ(count, 10);
}

TEST(BlockingHttpClient, SendsOneRequestAfterAnother) {
  ScriptedServer server(echo);
  BlockingHttpClient client({.user_agent = "tester"});
  EXPECT_EQ(client.send(get(server.url() + "/1")).value().body, "GET /1\nuser-agent=tester\n");
  HttpRequest post{.method = "POST", .url = server.url() + "/2"};
  post.body = "two";
  EXPECT_EQ(client.send(post).value().body, "POST /2\ncontent-length=3\nuser-agent=tester\ntwo");
}

}  // namespace
}  // namespace ostler::net
