// SPDX-License-Identifier: Apache-2.0
// Webhooks of pipelines, told by a hub that is killed at will. Source: reference/rest-api.md 18.
#include <gmock/gmock.h>

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <csignal>
#include <mutex>

#include "base/secret.hpp"
#include "crypto/hmac.hpp"
#include "scripted_agent.hpp"
#include "support/scripted_server.hpp"
#include "support/wait_until.hpp"

namespace ostler {
namespace {

using nlohmann::json;
using std::chrono::seconds;
using support::ServerAnswer;
using support::ServerReply;
using support::ServerRequest;
using testing::ElementsAre;

/// Takes what it is told, with the status of its mood.
class Listener {
 public:
  std::string url() const { return server_.url() + "/hook?key=hidden"; }
  std::vector<ServerRequest> heard() {
    const std::lock_guard lock(mutex_);
    return heard_;
  }
  std::vector<std::string> events() {
    std::vector<std::string> events;
    for (const ServerRequest& request : heard()) {
      events.push_back(request.headers.at("x-buildkite-event"));
    }
    return events;
  }
  bool hears(std::size_t count) {
    return support::wait_until(seconds(30), [&] { return heard().size() >= count; });
  }
  void answer(ServerAnswer answer) {
    const std::lock_guard lock(mutex_);
    answer_ = std::move(answer);
  }

 private:
  boost::asio::awaitable<ServerAnswer> take(ServerRequest request) {
    const std::lock_guard lock(mutex_);
    heard_.push_back(std::move(request));
    co_return answer_;
  }

  std::mutex mutex_;
  std::vector<ServerRequest> heard_;  // guarded by mutex_, as the next
  ServerAnswer answer_ = ServerReply{.status = 204, .body = ""};
  support::ScriptedServer server_{
      [this](ServerRequest request) { return take(std::move(request)); }};
};

class WebhooksOfHub : public HubTest {
 protected:
  std::string make_pipeline(const std::string& url) {
    return hub_.make_pipeline("hooked",
                              "notify: [{webhook: \"" + url + "\"}]\nsteps: [{command: make}]");
  }
  void run_one() {
    ScriptedAgent agent(hub_);
    const std::string job = agent.ping(10);
    agent.accept(job);
    agent.start(job);
    EXPECT_EQ(agent.finish(job).status, 200);
  }

  Listener listener_;
};

TEST_F(WebhooksOfHub, TellWhatBecomesOfABuild) {
  const std::string pipeline = make_pipeline(listener_.url());
  hub_.make_build(pipeline);
  ASSERT_TRUE(listener_.hears(1));
  run_one();
  ASSERT_TRUE(listener_.hears(3));
  EXPECT_THAT(listener_.events(),
              testing::UnorderedElementsAre("build.scheduled", "build.running", "build.finished"));
  const ServerRequest first = listener_.heard()[0];
  EXPECT_EQ(first.method, "POST");
  EXPECT_EQ(first.target, "/hook?key=hidden");
  EXPECT_EQ(first.headers.at("content-type"), "application/json");
  EXPECT_FALSE(first.headers.contains("x-buildkite-token"));
  EXPECT_FALSE(first.headers.contains("x-buildkite-signature"));
  const json body = json::parse(first.body);
  EXPECT_EQ(body.at("event"), "build.scheduled");
  EXPECT_EQ(body.at("build").at("number"), 1);
  EXPECT_FALSE(body.at("build").contains("jobs"));
  EXPECT_EQ(body.at("pipeline").at("slug"), pipeline);
  EXPECT_TRUE(body.at("sender").contains("name"));
  EXPECT_EQ(body.at("pipeline").at("configuration"), "");
  EXPECT_EQ(body.at("pipeline").at("steps"), json::array());
  EXPECT_EQ(first.body.find("hidden"), std::string::npos) << first.body;
}

TEST_F(WebhooksOfHub, TellAgainWhatWasNotHeardEvenByAKilledHub) {
  listener_.answer(ServerReply{.status = 503, .body = "later"});
  hub_.make_build(make_pipeline(listener_.url()));
  ASSERT_TRUE(listener_.hears(1));
  hub_.kill();
  listener_.answer(ServerReply{.status = 200, .body = ""});
  hub_.start_again();
  ASSERT_TRUE(listener_.hears(2));
  const auto heard = listener_.heard();
  EXPECT_EQ(heard[0].headers.at("x-ostler-delivery"), heard[1].headers.at("x-ostler-delivery"));
  EXPECT_THAT(listener_.events(), ElementsAre("build.scheduled", "build.scheduled"));
}

TEST_F(WebhooksOfHub, AreSignedWithTheTokenOfTheirCluster) {
  const std::string clusters = "/organizations/ostler/clusters";
  const std::string cluster = hub_.rest("GET", clusters).json().at(0).at("id");
  ASSERT_EQ(hub_.rest("POST", clusters + "/" + cluster + "/secrets",
                      {{"key", "WEBHOOK_TOKEN"}, {"value", "very secret"}})
                .status,
            201);
  hub_.make_build(make_pipeline(listener_.url()));
  ASSERT_TRUE(listener_.hears(1));
  const ServerRequest told = listener_.heard()[0];
  const std::string signature = told.headers.at("x-buildkite-signature");
  const std::string at = signature.substr(10, signature.find(',') - 10);
  EXPECT_EQ(signature, "timestamp=" + at + ",signature=" +
                           crypto::hmac_sha256_hex(Secret("very secret"), at + "." + told.body));
}

/// The address of a listener under a name that every port and letter case of it has.
std::string named(const std::string& url, const std::string& host, int count) {
  std::string text = url;
  text.replace(text.find("127.0.0.1"), 9, host);
  return "{webhook: \"" + text + "&" + std::to_string(count) + "\"}, ";
}

TEST_F(WebhooksOfHub, DoNotHoldUpOthersWhenTheirHostsAreSilent) {
  Listener silent;
  Listener other;
  silent.answer(support::SilentReply{});
  other.answer(support::SilentReply{});
  std::string yaml = "notify: [";
  for (int count = 0; count < 4; ++count) {
    yaml += named(silent.url(), count % 2 == 0 ? "LocalHost" : "localhost.", count);
    yaml += named(other.url(), "user@localhost", count) + named(other.url(), "127.0.0.2", count);
  }
  yaml += "{webhook: \"" + listener_.url() + "\"}]\nsteps: [{command: make}]";
  hub_.make_build(hub_.make_pipeline("hooked", yaml));
  EXPECT_TRUE(support::wait_until(seconds(8), [&] { return !listener_.heard().empty(); }));
  EXPECT_LE(silent.heard().size() + other.heard().size(), 4u);
}

TEST_F(WebhooksOfHub, AreJudgedByTheHeadOfTheAnswer) {
  listener_.answer(
      support::StreamReply{.next = []() -> boost::asio::awaitable<std::optional<std::string>> {
        co_await boost::asio::steady_timer(co_await boost::asio::this_coro::executor,
                                           boost::asio::steady_timer::time_point::max())
            .async_wait(boost::asio::use_awaitable);
        co_return std::nullopt;
      }});
  hub_.make_build(make_pipeline(listener_.url()));
  ASSERT_TRUE(listener_.hears(1));
  listener_.answer(ServerReply{.status = 503, .body = std::string(1u << 20, 'x')});
  run_one();
  ASSERT_TRUE(listener_.hears(5)) << "what was refused with a long text is told again";
  EXPECT_EQ(std::ranges::count(listener_.events(), "build.scheduled"), 1);
}

TEST_F(WebhooksOfHub, DoNotHoldUpAHubThatStopsAndAreToldByTheNext) {
  listener_.answer(support::SilentReply{});
  hub_.make_build(make_pipeline(listener_.url()));
  ASSERT_TRUE(listener_.hears(1));
  hub_.program().signal(SIGTERM);
  EXPECT_EQ(hub_.program().wait(seconds(5)), 0) << "an attempt may take ten seconds";
  listener_.answer(ServerReply{.status = 200, .body = ""});
  hub_.start_again();
  EXPECT_TRUE(listener_.hears(2));
}

TEST_F(WebhooksOfHub, FollowNoRedirectAndTellARefusalOnce) {
  Listener elsewhere;
  listener_.answer(
      ServerReply{.status = 302, .body = "", .headers = {{"Location", elsewhere.url()}}});
  hub_.make_build(make_pipeline(listener_.url()));
  ASSERT_TRUE(listener_.hears(1));
  run_one();
  ASSERT_TRUE(listener_.hears(3));
  EXPECT_TRUE(elsewhere.heard().empty());
  EXPECT_EQ(listener_.events().size(), 3u);
}

TEST_F(WebhooksOfHub, GoToNoForbiddenAddress) {
  hub_.kill();
  hub_.start_again({"--forbid-webhooks-to", "127.0.0.0/8 ::1"});
  hub_.make_build(hub_.make_pipeline(
      "hooked", "notify: [{webhook: \"" + listener_.url() + "\"}, {webhook: \"http://localhost:" +
                    std::to_string(hub_.port()) + "/x\"}]\nsteps: [{command: make}]"));
  std::string log;
  EXPECT_TRUE(support::wait_until(seconds(20), [&] {
    log = hub_.program().err();
    return log.find("event=build.scheduled", log.find("a webhook was not told") + 200) != log.npos;
  })) << log;
  EXPECT_NE(log.find("connections to 127.0.0.1 are forbidden"), log.npos) << log;
  EXPECT_EQ(log.find("hidden"), log.npos) << log;
  EXPECT_TRUE(listener_.heard().empty());
}

}  // namespace
}  // namespace ostler
