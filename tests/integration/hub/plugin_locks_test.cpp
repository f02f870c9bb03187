// SPDX-License-Identifier: Apache-2.0
#include <future>
#include <list>
#include <memory>

#include "scripted_agent.hpp"

namespace ostler {
namespace {

using nlohmann::json;
using support::HttpAnswer;

/// A running job that wants locks.
struct Wisher {
  explicit Wisher(const support::HubProcess& hub, const std::string& the_job)
      : agent(hub), job(the_job) {
    EXPECT_EQ(agent.ping(10), job);
    agent.accept(job);
    agent.start(job);
  }
  HttpAnswer take(int wait = 0, const std::string& request = "r") const {
    return agent.job_call("POST", "jobs/" + job + "/ostler/locks/take?wait=" + std::to_string(wait),
                          {{"name", "deploy"}, {"request", request}});
  }
  /// Asks again while nobody leaves it: a call has its time, a wish keeps its place.
  std::future<HttpAnswer> wait() const {
    return std::async(std::launch::async, [this] {
      HttpAnswer answer;
      for (int asked = 0; asked < 10; ++asked) {
        answer = take(20);
        if (answer.status != 200 || answer.json().contains("fence")) break;
      }
      return answer;
    });
  }
  HttpAnswer leave(const std::string& request = "r") const {
    return agent.job_call("POST", "jobs/" + job + "/ostler/locks/leave", {{"request", request}});
  }
  ScriptedAgent agent;
  std::string job;
};

class HubPluginLocks : public HubTest {
 protected:
  Wisher& wisher() { return wishers_.emplace_back(hub_, make_job()); }
  std::list<Wisher> wishers_;
};

TEST_F(HubPluginLocks, AreGivenToOneJobAndThenToTheNext) {
  Wisher& first = wisher();
  Wisher& second = wisher();
  const HttpAnswer got = first.take();
  EXPECT_EQ(got.status, 200) << got.body;
  const auto fence = got.json()["fence"].get<int>();
  const HttpAnswer waits = second.take();
  EXPECT_FALSE(waits.json().contains("fence")) << waits.body;
  EXPECT_EQ(waits.json()["ahead"], 0);
  const std::string holder = waits.json()["holder"];
  EXPECT_TRUE(holder.ends_with("builds/1#" + first.job)) << holder;
  auto waiting = second.wait();
  EXPECT_EQ(first.leave().status, 200);
  EXPECT_GT(waiting.get().json()["fence"].get<int>(), fence);
}

TEST_F(HubPluginLocks, AreFreedByTheEndOfTheirJob) {
  Wisher& first = wisher();
  Wisher& second = wisher();
  first.take();
  auto waiting = second.wait();
  EXPECT_EQ(first.agent.finish(first.job, "1").status, 200);
  EXPECT_TRUE(waiting.get().json().contains("fence"));
  EXPECT_EQ(first.take().status, 401) << "the job is over";
}

TEST_F(HubPluginLocks, EndACallThatWaitsWhenItIsGivenUp) {
  Wisher& first = wisher();
  Wisher& second = wisher();
  first.take();
  second.take();
  auto waiting = second.wait();
  EXPECT_EQ(second.leave().status, 200);
  EXPECT_EQ(waiting.get().status, 404);
  EXPECT_EQ(second.take().status, 404) << "the same wish, come late";
  EXPECT_EQ(first.take(0, "again").status, 422) << "it holds it already";
}

TEST_F(HubPluginLocks, AreWaitedForAcrossAKilledHub) {
  Wisher& first = wisher();
  Wisher& second = wisher();
  Wisher& third = wisher();
  first.take();
  second.take();
  third.take();
  auto waiting = second.wait();
  hub_.kill();
  EXPECT_NE(waiting.get().status, 200);
  hub_.start_again();
  waiting = second.wait();
  auto behind = third.wait();
  EXPECT_EQ(third.take().json()["ahead"], 1) << "nobody lost the place";
  first.leave();
  EXPECT_TRUE(waiting.get().json().contains("fence"));
  second.leave();
  EXPECT_TRUE(behind.get().json().contains("fence"));
}

TEST_F(HubPluginLocks, ServeAHundredWhoWaitOneAfterTheOther) {
  constexpr int kWishers = 100;
  Wisher& first = wisher();
  first.take();
  std::vector<std::pair<Wisher*, std::future<HttpAnswer>>> waiting;
  for (int i = 0; i < kWishers; ++i) {
    Wisher& next = wisher();
    next.take();
    waiting.emplace_back(&next, next.wait());
  }
  first.leave();
  int last = 0;
  for (auto& [next, answer] : waiting) {
    const json got = answer.get().json();
    ASSERT_TRUE(got.contains("fence")) << got.dump();
    EXPECT_GT(got["fence"].get<int>(), last);
    last = got["fence"];
    next->leave();
  }
}

TEST_F(HubPluginLocks, RefuseWhatBreaksTheirRules) {
  Wisher& first = wisher();
  const auto take = [&](const json& body) {
    return first.agent.job_call("POST", "jobs/" + first.job + "/ostler/locks/take", body).status;
  };
  EXPECT_EQ(take({{"name", "a b"}, {"request", "r"}}), 422);
  EXPECT_EQ(take({{"name", ""}, {"request", "r"}}), 422);
  EXPECT_EQ(take({{"name", std::string(257, 'n')}, {"request", "r"}}), 422);
  EXPECT_EQ(take({{"name", "deploy"}}), 400);
  EXPECT_EQ(take({{"name", "deploy"}, {"request", std::string(65, 'r')}}), 400);
}

}  // namespace
}  // namespace ostler
