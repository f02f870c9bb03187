// SPDX-License-Identifier: Apache-2.0
// What step plugins ask of servers by HTTP: real keepers, workers, boxes and servers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <mutex>

#include "integration/worker/plugin_jobs.hpp"
#include "support/scripted_server.hpp"
#include "wire/agent_api_secrets.hpp"

namespace ostler::worker {
namespace {

namespace asio = boost::asio;
using support::ScriptedServer;
using support::ServerAnswer;
using support::ServerReply;
using support::ServerRequest;
using support::StreamReply;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

asio::awaitable<void> pause(std::chrono::milliseconds time) {
  asio::steady_timer timer(co_await asio::this_coro::executor, time);
  co_await timer.async_wait(asio::use_awaitable);
}

/// So many pieces, with a pause before each but the first.
StreamReply stream(int count, const std::string& piece, std::chrono::milliseconds between) {
  const auto left = std::make_shared<int>(count);
  return {.next = [=]() -> asio::awaitable<std::optional<std::string>> {
    if (*left == 0) co_return std::nullopt;
    if ((*left)-- != count) co_await pause(between);
    co_return piece;
  }};
}

class PluginHttp : public PluginJobs {
 protected:
  asio::awaitable<ServerAnswer> answer(ServerRequest request) {
    {
      const std::lock_guard lock(mutex_);
      seen_.push_back(request);
    }
    if (request.target == "/silent") co_return support::SilentReply{};
    if (request.target == "/reset") co_return support::ResetReply{};
    if (request.target == "/slow") co_return stream(2, "tick", std::chrono::seconds(20));
    if (request.target == "/ticks") co_return stream(3, "tick", std::chrono::milliseconds(300));
    if (request.target == "/flood") {
      co_return stream(1000, std::string(100'000, 'x'), std::chrono::milliseconds(0));
    }
    if (request.target == "/elsewhere") co_return to("http://127.0.0.2:1/");
    if (request.target == "/other") co_return to(other_.url() + "/end");
    if (request.target == "/again") co_return to("/end");
    if (request.target == "/round") co_return to("/round");
    if (request.target == "/none") co_return ServerReply{404, "nothing here"};
    if (request.target == "/large") co_return ServerReply{503, std::string(2 << 20, 'x')};
    if (request.target == "/late") {
      co_await pause(std::chrono::milliseconds(700));
      co_return to("/late");
    }
    co_return ServerReply{200, request.method + " " + request.body, {{"X-Seen", "yes"}}};
  }
  static ServerReply to(const std::string& url) { return {302, "", {{"Location", url}}}; }

  /// Statuses and values, as the plugin tells them; "@" stands for the server.
  std::string said_by(std::string script) { return told_in(begin(std::move(script))->finish()); }
  std::unique_ptr<DrivenJob> begin(std::string script) {
    for (std::size_t at = script.find('@'); at != script.npos; at = script.find('@')) {
      script.replace(at, 1, server_.url());
    }
    auto driven = calls(script);
    driven->answer_with([](const supervise::ApiRequest& request) -> supervise::ApiReply {
      if (request.path.find("secrets?key=KEY") == request.path.npos) return {.status = 200};
      return key_reply();
    });
    return driven;
  }
  static bool is_below_this(const std::filesystem::path& process) {
    std::ifstream stat(process / "stat");
    std::string text((std::istreambuf_iterator<char>(stat)), {});
    const std::size_t end = text.rfind(')');  // of the name
    if (end == text.npos || text.size() < end + 4) return false;
    const int parent = std::atoi(text.c_str() + end + 4);
    return parent == ::getpid() || (parent > 1 && is_below_this("/proc/" + std::to_string(parent)));
  }
  /// Of the jobs of this test.
  static void for_each_helper(const std::function<void(const std::filesystem::path&)>& take) {
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
      const auto words = files::read_file(entry.path() / "cmdline");
      const bool is_helper = words && words.value().find("job-http") != std::string::npos;
      if (is_helper && is_below_this(entry.path())) take(entry.path());
    }
  }
  void permit_server(const std::string& more = "") {
    permit(R"({"http": ["127.0.0.1:)" + std::to_string(server_.port()) + "\"" + more + "]}");
  }

  std::mutex mutex_;
  std::vector<ServerRequest> seen_;
  ScriptedServer other_{[this](ServerRequest request) { return answer(std::move(request)); }};
  ScriptedServer server_{[this](ServerRequest request) { return answer(std::move(request)); }};
};

constexpr const char* kGet = "ostler.http/1/send|GET|@";
constexpr const char* kRead = R"(\nostler.http/1/read|=\n)";

TEST_F(PluginHttp, SendsWhatItIsToldAndReadsTheAnswerToItsEnd) {
  permit_server();
  const std::string told =
      said_by(std::string(R"(ostler.http/1/send|PUT|@/a?b=c|X-One:  1|the body|9000|5000)") +
              kRead + R"(ostler.http/1/read|=\nostler.http/1/close|=\nostler.http/1/read|=)");
  EXPECT_THAT(told, StartsWith("0 200 "));
  EXPECT_THAT(told, HasSubstr("X-Seen: yes"));
  EXPECT_THAT(told, HasSubstr("; 0 PUT the body; 0 ; 0 ; 3 no request of that name is open"));
  ASSERT_EQ(seen_.size(), 1u);
  EXPECT_EQ(seen_[0].target, "/a?b=c");
  EXPECT_EQ(seen_[0].headers["x-one"], "1");
  EXPECT_THAT(said_by(std::string(kGet) + "/none|||0|0" + kRead), HasSubstr("; 0 nothing here"));
}

TEST_F(PluginHttp, HasTheAnswerPieceByPiece) {
  permit_server();
  const std::string told = said_by(std::string(kGet) + "/ticks|||0|0" + kRead +
                                   R"(ostler.http/1/read|=\nostler.http/1/read|=\n)"
                                   "ostler.http/1/read|=");
  EXPECT_THAT(told, HasSubstr("; 0 tick; 0 tick; 0 tick; 0 "));
}

TEST_F(PluginHttp, AsksOnlyWhomTheManifestNames) {
  EXPECT_THAT(said_by(std::string(kGet) + "/|||0|0"), HasSubstr("no service ostler.http/1"));
  permit_server();
  EXPECT_THAT(said_by(std::string(R"(ostler.http/1/send|GET|)") + other_.url() + "/|||0|0"),
              HasSubstr("4 the plugin may not ask 127.0.0.1:"));
  EXPECT_THAT(said_by("ostler.http/1/send|GET|file:///etc/passwd|||0|0"), HasSubstr("7 no URL"));
  EXPECT_THAT(said_by(std::string(kGet) + "/elsewhere|||0|0"),
              HasSubstr("4 the plugin may not ask 127.0.0.2:1"));
  EXPECT_THAT(said_by(std::string(kGet) + "/round|||0|0"), HasSubstr("more than ten redirects"));
}

TEST_F(PluginHttp, MayBeSentToAServerThatTheConfigurationNames) {
  permit(R"({"http": [{"config": "/do"}]})");
  EXPECT_THAT(said_by("ostler.http/1/send|GET|http://call/|||2000|0"),
              testing::AnyOf(StartsWith("6 "), StartsWith("2 ")))
      << "the host of that name is not there";
}

TEST_F(PluginHttp, TakesItsHeadersAlongToTheSameServerOnly) {
  permit_server(",\"127.0.0.1:" + std::to_string(other_.port()) + "\"");
  EXPECT_THAT(said_by(std::string(kGet) + R"(/again|X-Key: k||0|0)" + kRead + "wait"),
              HasSubstr("; 0 GET "));
  EXPECT_EQ(seen_.back().headers["x-key"], "k");
  said_by(std::string(kGet) + "/other|X-Key: k||0|0");
  EXPECT_EQ(seen_.back().target, "/end");
  EXPECT_FALSE(seen_.back().headers.contains("x-key"));
}

TEST_F(PluginHttp, PutsSecretsIntoHeadersThatThePluginNeverSees) {
  permit(R"({"secrets": ["KEY"], "http": ["*.example", "127.0.0.1:)" +
         std::to_string(server_.port()) + "\"]}");
  const std::string told =
      said_by(std::string(kGet) + R"(/|Authorization: Bearer {secret:KEY}||0|0)" + kRead +
              R"(ostler.http/1/send|GET|@/|A: {secret:OTHER}||0|0\n)" +
              R"(ostler.http/1/send|GET|@/|A: {secret:KEY||0|0\n)" +
              R"(ostler.http/1/send|GET|http://a.example/|A: {secret:KEY}||0|0)");
  ASSERT_EQ(seen_.size(), 1u);
  EXPECT_EQ(seen_[0].headers["authorization"], "Bearer a-thing-to-hide");
  EXPECT_THAT(told, HasSubstr("4 plugin.json does not ask for the secret OTHER"));
  EXPECT_THAT(told, HasSubstr("7 a header has {secret: without }"));
  EXPECT_THAT(told, HasSubstr("4 a secret is not sent without TLS: http://a.example/"));
}

TEST_F(PluginHttp, PutsSecretsIntoValuesOnlyAndNotWithoutBound) {
  permit(R"({"secrets": ["KEY"], "http": ["127.evil.example", "127.0.0.1:)" +
         std::to_string(server_.port()) + "\"]}");
  for (const std::string headers : {"{secret:KEY}", "{secret:KEY}: a", "{secret:KEY}a: b"}) {
    const std::string told = said_by(std::string(kGet) + "/|" + headers + "||0|0");
    EXPECT_THAT(told, StartsWith("7 a header is \"Name: value\""));
  }
  EXPECT_THAT(said_by(std::string(kGet) + "/|#18000#A:{secret:KEY}||0|0"),
              StartsWith("7 the headers with their secrets are longer than 256 KiB"));
  EXPECT_THAT(said_by("ostler.http/1/send|GET|http://127.evil.example/|A: {secret:KEY}||0|0"),
              StartsWith("4 a secret is not sent without TLS"));
  EXPECT_TRUE(seen_.empty());
}

TEST_F(PluginHttp, IsMadeByAProcessWithoutTokenAndWithoutWhatLibrariesObey) {
  permit_server();
  const auto driven = begin(std::string(kGet) + R"(/|||0|0\nwait\nnap\nnap\nnap\nnap)");
  driven->env()["OPENSSL_CONF"] = "/nowhere";
  driven->env()["BUILDKITE_AGENT_ACCESS_TOKEN"] = "tokentoken";
  driven->env()["no_proxy"] = "*";
  driven->start();
  driven->await_output("\nwaiting\n");
  std::string seen;
  for_each_helper([&](const std::filesystem::path& process) {
    seen += files::read_file(process / "environ").value();
  });
  EXPECT_THAT(seen, HasSubstr("no_proxy=*"));
  EXPECT_THAT(seen, Not(HasSubstr("OPENSSL_CONF")));
  EXPECT_THAT(seen, Not(HasSubstr("tokentoken")));
  driven->finish();
}

TEST_F(PluginHttp, RefusesWhatIsNoRequest) {
  permit_server();
  for (const char* wrong :
       {R"(|Host: other||0|0)", R"(|Transfer-Encoding: chunked||0|0)", R"(|no colon||0|0)",
        R"(|A b: c||0|0)", R"(|A: b\u0001||0|0)", "|||x|0", "|||0|-1", "|||0"}) {
    EXPECT_THAT(said_by(std::string(kGet) + "/" + wrong), StartsWith("7 ")) << wrong;
  }
  EXPECT_THAT(said_by("ostler.http/1/send|G T|@/|||0|0"), StartsWith("7 no method"));
  EXPECT_THAT(said_by("ostler.http/1/send|CONNECT|@/|||0|0"), StartsWith("7 no method"));
  EXPECT_THAT(said_by("ostler.http/1/read|="), StartsWith("3 no request"));
  EXPECT_TRUE(seen_.empty());
}

TEST_F(PluginHttp, HoldsItsDeadlinesAndNamesWhatWentWrong) {
  permit_server();
  EXPECT_THAT(said_by(std::string(kGet) + "/silent|||300|0"), StartsWith("2 GET http://127.0.0.1"));
  EXPECT_THAT(said_by(std::string(kGet) + "/slow|||0|1000" + kRead + "ostler.http/1/read|="),
              HasSubstr("; 0 tick; 2 GET http://127.0.0.1"));
  EXPECT_THAT(said_by(std::string(kGet) + "/reset|||0|0"), StartsWith("6 GET http://127.0.0.1"));
}

TEST_F(PluginHttp, HoldsOneDeadlineForAllRedirects) {
  permit_server();
  // One for each hop would end after ten of them, by another error.
  EXPECT_THAT(said_by(std::string(kGet) + "/late|||1000|0"), StartsWith("2 GET "));
}

TEST_F(PluginHttp, GivesTheBodyOfARefusalAsThatOfAnyAnswer) {
  permit_server();
  EXPECT_THAT(said_by(std::string(kGet) + "/large|||0|0" + kRead), HasSubstr("; 0 xxxxxxxx"));
}

TEST_F(PluginHttp, FreesTheThreadOfARequestThatIsClosed) {
  permit_server();
  std::string script;
  for (int i = 0; i < 40; ++i) {
    script += std::string(kGet) + R"(/slow|||0|0\nostler.http/1/close|=\nsleep\n)";
  }
  const std::string told = said_by(script + kGet + "/|||0|0");
  EXPECT_THAT(told, Not(HasSubstr("; 6 "))) << "a place was not free again";
  EXPECT_THAT(told, testing::ContainsRegex("; 0 200 [^;]*$"));
}

TEST_F(PluginHttp, HasSixteenRequestsOpenAtMost) {
  permit_server();
  std::string script;
  for (int i = 0; i < 17; ++i) script += std::string(kGet) + R"(/|||0|0\n)";
  const std::string told = said_by(script);
  EXPECT_THAT(told, testing::EndsWith("; 6 16 requests of the plugin are open; close one"));
  EXPECT_EQ(told.find("; 6 "), told.rfind("; 6 "));
}

TEST_F(PluginHttp, StartsAnotherHelperWhenOneIsGone) {
  permit_server();
  const auto driven =
      begin(std::string(kGet) + R"(/|||0|0\nwait\nnap\nnap\nnap\nnap\nostler.http/1/read|=\n)" +
            kGet + "/|||20000|0");
  driven->start();
  driven->await_output("\nwaiting\n");
  for_each_helper([](const auto& process) { ::kill(std::stoi(process.filename()), SIGKILL); });
  EXPECT_THAT(told_in(driven->finish()),
              testing::AllOf(HasSubstr("; 3 no request of that name is open"),
                             testing::ContainsRegex("; 0 200 [^;]*$")));
}

TEST_F(PluginHttp, LetsTheServerWaitWhenThePluginDoesNotRead) {
  permit_server();
  const std::string told =
      said_by(std::string(kGet) + R"(/flood|||0|0\nostler.http/1/close|=\n)" + kGet + "/|||0|0");
  EXPECT_THAT(told, HasSubstr("; 0 ; 0 200 "));
}

TEST_F(PluginHttp, EndsWithTheJob) {
  permit_server();
  const auto driven = begin(std::string(R"(wait\n)") + kGet + "/silent|||0|0");
  driven->start();
  driven->await_output("\nwaiting\n");
  driven->cancel(supervise::CancelReason::UserCancel, std::chrono::seconds(20));
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_THAT(told_in(driven->finish()), HasSubstr("1 the job was cancelled"));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
}

/// Requests to the server that gave the job go to its agent.
class PluginHub : public PluginJobs {
 protected:
  /// "JOB" stands for the id of the job.
  std::string said_by(const std::string& script) {
    auto driven = calls(script);
    std::string& plugins = driven->env()["BUILDKITE_PLUGINS"];
    for (std::size_t at = 0; (at = plugins.find("JOB", at)) != plugins.npos;) {
      plugins.replace(at, 3, driven->id());
    }
    driven->answer_with([this](const supervise::ApiRequest& request) { return answer(request); });
    const FinishedJob job = driven->finish();
    log_ = job.text;
    return told_in(job);
  }
  std::optional<supervise::ApiReply> answer(const supervise::ApiRequest& request) {
    if (request.path.ends_with("/data/set")) return supervise::ApiReply{.status = 200};
    seen_.push_back(request);
    if (request.path.ends_with("/silence/data/keys")) return std::nullopt;
    if (request.path.ends_with("/oidc/tokens")) {
      return supervise::ApiReply{.status = 200, .body = R"({"token":")" + token_ + "\"}"};
    }
    if (request.path.ends_with("/large/data/keys")) {
      return supervise::ApiReply{.status = 200, .body = std::string((1 << 20) + 1, 'x')};
    }
    if (request.path.ends_with("/two/data/keys")) {
      return supervise::ApiReply{.status = 200, .body = std::string(300 << 10, 'x')};
    }
    return supervise::ApiReply{.status = 404, .body = "none"};
  }

  std::string token_ = "an-identity-of-the-job";
  std::vector<supervise::ApiRequest> seen_;
  std::string log_;
};

TEST_F(PluginHub, GetsNoMoreIdentitiesThanALogCanHide) {
  permit(R"({"http": ["hub:"]})");
  const std::string once =
      R"(ostler.http/1/send|POST|hub:/v3/jobs/JOB/oidc/tokens||{}|0|0\nostler.http/1/close|=\n)";
  constexpr const char* kNoMore = "6 the step has 256 identity tokens, or 1 MiB of them, already";
  std::string script;
  for (int i = 0; i < 255; ++i) script += once;
  EXPECT_THAT(said_by(script + R"(forget\n)" + once), StartsWith("0 200 hub.256"));
  EXPECT_THAT(said_by(script + once + R"(forget\n)" + once), StartsWith(kNoMore));
  token_ = std::string(300 << 10, 'x');
  EXPECT_THAT(said_by(once + once + once),
              EndsWith("0 200 hub.3 Content-Type: application/json ; 0 "));
  EXPECT_THAT(said_by(once + once + once + once), HasSubstr(kNoMore));
}

TEST_F(PluginHub, GetsAnIdentityOfTheJobWhichTheLogHides) {
  permit(R"({"http": ["hub:"]})");
  const std::string told = said_by(
      R"(ostler.http/1/send|POST|hub:/v3/jobs/JOB/oidc/tokens|Content-Type: application/json|)"
      R"({\"audience\": \"x\"}|0|0\n)"
      R"(ostler.http/1/read|=\nostler.http/1/read|=\nostler.http/1/close|=\n)"
      R"(ostler.http/1/read|=)");
  EXPECT_THAT(told, StartsWith("0 200 hub.1"));
  EXPECT_THAT(told, HasSubstr(R"({"token":"[REDACTED]"})"));
  EXPECT_THAT(told, HasSubstr("; 0 ; 0 ; 3 no request of that name is open"));
  EXPECT_THAT(log_, Not(HasSubstr("an-identity-of-the-job")));
  ASSERT_EQ(seen_.size(), 1u);
  EXPECT_EQ(seen_[0].body, R"({"audience":"x"})");
}

TEST_F(PluginHub, IsThereForThoseAloneWhoseManifestNamesIt) {
  permit(R"({"http": ["127.0.0.1"]})");
  EXPECT_THAT(said_by("ostler.http/1/send|POST|hub:/v3/builds/b/data/keys|||0|0"),
              HasSubstr("4 plugin.json does not ask for the server of the job"));
  EXPECT_TRUE(seen_.empty());
}

TEST_F(PluginHub, MakesTheCallsThatAreForPluginsAndNoOther) {
  permit(R"({"http": ["hub:"]})");
  for (const char* call :
       {"POST|hub:/v3/jobs/JOB/data/set", "PUT|hub:/v3/jobs/JOB/finish",
        "GET|hub:/v3/jobs/JOB/secrets?key=KEY", "GET|hub:/v3/jobs/other",
        "POST|hub:/v3/jobs/JOB/oidc/tokens/", "POST|hub:/v3/steps/../export",
        "POST|hub:/v3/builds/a%2Fb/data/keys", "POST|hub:/v3/builds/a/data/keys?x",
        "POST|hub:/v3/stop", "GET|hub:/v2/user", "GET|hub://other/x", "GET|hub:"}) {
    EXPECT_THAT(said_by("ostler.http/1/send|" + std::string(call) + "|||0|0"),
                HasSubstr("no call for plugins"))
        << call;
  }
  EXPECT_THAT(said_by("ostler.http/1/send|GET|http://hub/|||0|0"),
              HasSubstr("4 the plugin may not"));
  EXPECT_THAT(said_by("ostler.http/1/send|GET|hub:/v3/jobs/JOB|Authorization: x||0|0"),
              HasSubstr("7 hub: takes no header but"));
  EXPECT_TRUE(seen_.empty());
  EXPECT_THAT(said_by(R"(ostler.http/1/send|GET|hub:/v3/jobs/JOB|||0|0\nostler.http/1/read|=)"),
              StartsWith("0 404 hub.1"))
      << "any status is an answer";
}

TEST_F(PluginHub, BoundsAnswersAndWaits) {
  permit(R"({"http": ["hub:"]})");
  const auto keys_of = [](const std::string& build, const std::string& time) {
    return "ostler.http/1/send|POST|hub:/v3/builds/" + build + "/data/keys|||" + time + "|0";
  };
  EXPECT_THAT(said_by(keys_of("large", "0")), HasSubstr("8 the answer of the server is longer"));
  EXPECT_THAT(said_by(keys_of("silence", "300")), HasSubstr("2 the server did not answer in time"));
  std::string script;
  for (int i = 0; i < 16; ++i) script += keys_of("two", "0") + R"(\n)";
  const std::string told = said_by(script + keys_of("two", "0") +
                                   R"(\nostler.http/1/close|hub.3\n)" + keys_of("two", "0"));
  EXPECT_THAT(told, HasSubstr("; 6 16 requests of the plugin are open already; 0 ; 0 200 hub.17"));
}

TEST_F(PluginHub, IsNotWaitedForByACancelledJob) {
  permit(R"({"http": ["hub:"]})");
  const auto driven = calls("ostler.http/1/send|POST|hub:/v3/builds/silence/data/keys|||0|0");
  auto begin = std::chrono::steady_clock::now();
  driven->answer_with([&](const supervise::ApiRequest& request) {
    const auto reply = answer(request);
    if (!reply) driven->cancel(supervise::CancelReason::UserCancel, std::chrono::seconds(20));
    if (!reply) begin = std::chrono::steady_clock::now();
    return reply;
  });
  EXPECT_THAT(told_in(driven->finish()), HasSubstr("1 the job was cancelled"));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
  EXPECT_EQ(seen_.size(), 1u);
}

}  // namespace
}  // namespace ostler::worker
