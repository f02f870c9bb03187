// SPDX-License-Identifier: Apache-2.0
#include "scheduler/dispatcher.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <ctime>
#include <functional>
#include <random>

namespace ostler::scheduler {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

const QueueId kQueue = QueueId::make();

JobId job_number(std::uint8_t number) {
  JobId id;
  id.uuid.bytes[15] = number;
  return id;
}

AgentId agent_number(std::uint8_t number) {
  AgentId id;
  id.uuid.bytes[15] = number;
  return id;
}

WaitingJob job(std::uint8_t number, std::vector<std::string> rules = {}) {
  return {.job = job_number(number), .queue = kQueue, .rules = std::move(rules)};
}

WaitingAgent agent(std::uint8_t number, std::vector<std::string> tags = {}) {
  return {.agent = agent_number(number), .queue = kQueue, .tags = std::move(tags)};
}

TEST(Dispatcher, OffersANewJobToAWaitingAgentAtOnce) {
  Dispatcher dispatcher;
  EXPECT_EQ(dispatcher.add_agent(agent(1), 0s), std::nullopt);
  EXPECT_EQ(dispatcher.add_job(job(1), 0s), (Offer{job_number(1), agent_number(1)}));
}

TEST(Dispatcher, OffersAWaitingJobToANewAgentAtOnce) {
  Dispatcher dispatcher;
  EXPECT_EQ(dispatcher.add_job(job(1), 0s), std::nullopt);
  EXPECT_EQ(dispatcher.add_agent(agent(1), 0s), job_number(1));
}

TEST(Dispatcher, OffersAJobToOneAgentOnly) {
  Dispatcher dispatcher;
  dispatcher.add_job(job(1), 0s);
  EXPECT_EQ(dispatcher.add_agent(agent(1), 0s), job_number(1));
  EXPECT_EQ(dispatcher.add_agent(agent(2), 0s), std::nullopt);
}

TEST(Dispatcher, OffersAnAgentOneJobOnly) {
  Dispatcher dispatcher;
  dispatcher.add_agent(agent(1), 0s);
  EXPECT_TRUE(dispatcher.add_job(job(1), 0s));
  EXPECT_FALSE(dispatcher.add_job(job(2), 0s));
}

TEST(Dispatcher, KeepsDispatchOrder) {
  Dispatcher dispatcher;
  std::vector<WaitingJob> jobs;
  std::vector<JobId> expected;
  for (std::uint8_t number = 0; number < 32; ++number) {
    WaitingJob next = job(number);
    next.priority = 1 - number / 16;          // then, within one priority,
    next.scheduled_at = {(number % 16) / 4};  // then, within one time,
    next.position = (number % 4) / 2;         // then the id
    jobs.push_back(next);
    expected.push_back(next.job);
  }
  std::shuffle(jobs.begin(), jobs.end(), std::mt19937(7));
  for (const WaitingJob& next : jobs) dispatcher.add_job(next, 0s);
  std::vector<JobId> offered;
  for (std::uint8_t number = 0; number < 32; ++number) {
    offered.push_back(dispatcher.add_agent(agent(number), 0s).value());
  }
  EXPECT_EQ(offered, expected);
}

TEST(Dispatcher, KeepsDispatchOrderAcrossRuleSets) {
  Dispatcher dispatcher;
  WaitingJob late = job(1, {"os=linux"});
  late.scheduled_at = {2};
  WaitingJob early = job(2, {"arch=arm"});
  early.scheduled_at = {1};
  dispatcher.add_job(late, 0s);
  dispatcher.add_job(early, 0s);
  EXPECT_EQ(dispatcher.add_agent(agent(1, {"os=linux", "arch=arm"}), 0s), early.job);
}

TEST(Dispatcher, OffersOnlyWhatFitsTagsAndQueue) {
  Dispatcher dispatcher;
  dispatcher.add_job(job(1, {"os=windows"}), 0s);
  WaitingJob elsewhere = job(2);
  elsewhere.queue = QueueId::make();
  dispatcher.add_job(elsewhere, 0s);
  EXPECT_EQ(dispatcher.add_agent(agent(1, {"os=linux"}), 0s), std::nullopt);
  EXPECT_EQ(dispatcher.add_job(job(3, {"os=linux"}), 0s), (Offer{job_number(3), agent_number(1)}));
}

TEST(Dispatcher, PrefersAgentsByPriorityThenByTheirLastJob) {
  Dispatcher dispatcher;
  WaitingAgent never = agent(1);
  WaitingAgent long_ago = agent(2);
  long_ago.last_finished = Timestamp{1};
  WaitingAgent just_now = agent(3);
  just_now.last_finished = Timestamp{2};
  WaitingAgent negative = agent(4);
  negative.priority = -1;
  for (const auto& each : {never, long_ago, just_now, negative}) dispatcher.add_agent(each, 0s);
  std::vector<AgentId> order;
  for (std::uint8_t number = 0; number < 4; ++number) {
    order.push_back(dispatcher.add_job(job(number), 0s)->agent);
  }
  EXPECT_THAT(order, ElementsAre(negative.agent, just_now.agent, long_ago.agent, never.agent));
}

TEST(Dispatcher, RepeatsAStandingOfferToItsAgent) {
  Dispatcher dispatcher;
  dispatcher.add_job(job(1), 0s);
  dispatcher.add_job(job(2), 0s);
  EXPECT_EQ(dispatcher.add_agent(agent(1), 0s), job_number(1));
  EXPECT_EQ(dispatcher.add_agent(agent(1), 5s), job_number(1));
  EXPECT_EQ(dispatcher.next_expiry(), 10s) << "a repeat must not lengthen the offer's life";
}

TEST(Dispatcher, OffersElsewhereWhatIsNotAcceptedInTime) {
  Dispatcher dispatcher;
  dispatcher.add_job(job(1), 0s);
  dispatcher.add_agent(agent(1), 0s);
  dispatcher.add_agent(agent(2), 0s);
  EXPECT_THAT(dispatcher.expire_offers(9s), ElementsAre());
  EXPECT_THAT(dispatcher.expire_offers(10s),
              ElementsAre(Lapse{{job_number(1), agent_number(1)}, agent_number(2)}));
  EXPECT_EQ(dispatcher.next_expiry(), 20s);
}

TEST(Dispatcher, AnAgentThatLetAnOfferLapseComesLast) {
  Dispatcher dispatcher;
  WaitingAgent deaf = agent(1);
  deaf.priority = 100;
  dispatcher.add_job(job(1), 0s);
  dispatcher.add_agent(deaf, 0s);
  dispatcher.withdraw({job_number(1), deaf.agent}, 0s);
  EXPECT_EQ(dispatcher.add_agent(deaf, 0s), job_number(1)) << "nobody else is there";
  dispatcher.add_agent(agent(2), 1s);
  EXPECT_EQ(dispatcher.withdraw({job_number(1), deaf.agent}, 1s),
            (Offer{job_number(1), agent_number(2)}));
}

TEST(Dispatcher, AnAcceptedJobIsOfferedNoMore) {
  Dispatcher dispatcher;
  dispatcher.add_job(job(1), 0s);
  dispatcher.add_agent(agent(1), 0s);
  dispatcher.remove_job(job_number(1));
  EXPECT_EQ(dispatcher.next_expiry(), std::nullopt);
  EXPECT_EQ(dispatcher.add_agent(agent(1), 0s), std::nullopt);
  EXPECT_EQ(dispatcher.add_agent(agent(2), 0s), std::nullopt);
}

TEST(Dispatcher, AnAgentThatLeftIsOfferedNothing) {
  Dispatcher dispatcher;
  dispatcher.add_agent(agent(1), 0s);
  dispatcher.remove_agent(agent_number(1));
  EXPECT_EQ(dispatcher.add_job(job(1), 0s), std::nullopt);
}

TEST(Dispatcher, KnowsAJobOnce) {
  Dispatcher dispatcher;
  dispatcher.add_job(job(1), 0s);
  dispatcher.add_job(job(1), 0s);
  dispatcher.add_agent(agent(1), 0s);
  EXPECT_EQ(dispatcher.add_job(job(1), 0s), std::nullopt);
  EXPECT_EQ(dispatcher.add_agent(agent(2), 0s), std::nullopt);
}

TEST(Dispatcher, WithdrawingAnothersOfferChangesNothing) {
  Dispatcher dispatcher;
  dispatcher.add_job(job(1), 0s);
  dispatcher.add_agent(agent(1), 0s);
  dispatcher.add_agent(agent(2), 0s);
  EXPECT_EQ(dispatcher.withdraw({job_number(1), agent_number(2)}, 1s), std::nullopt);
  EXPECT_EQ(dispatcher.withdraw({job_number(9), agent_number(1)}, 1s), std::nullopt);
  EXPECT_EQ(dispatcher.next_expiry(), 10s);
}

// What waits beside those who match is ten or ten thousand. A match takes about the same work then;
// looking at all of them would take a thousand times as much. Work is processor time, which other
// programs on the machine do not change much.
constexpr int kFew = 10;
constexpr int kMany = 10'000;
constexpr int kMatches = 2'000;
constexpr int kAboutTheSame = 8;

class Work {
 public:
  std::clock_t spent() const { return std::clock() - began_; }

 private:
  std::clock_t began_ = std::clock();
};

using Rules = std::function<std::vector<std::string>(int)>;

/// The work of matching one job and agent again and again, behind jobs that nobody can run.
std::clock_t dispatch_past_jobs(int others, const Rules& rules) {
  Dispatcher dispatcher;
  for (int number = 0; number < others; ++number) {
    dispatcher.add_job({.job = JobId::make(), .queue = kQueue, .rules = rules(number)}, 0s);
  }
  const WaitingAgent idle = agent(1, {"os=linux", "arch=amd64", "host=a"});
  const Work work;
  for (int round = 0; round < kMatches; ++round) {
    WaitingJob fitting = job(1, {"os=linux"});
    fitting.scheduled_at = {1};
    EXPECT_EQ(dispatcher.add_job(fitting, 0s), std::nullopt);
    EXPECT_EQ(dispatcher.add_agent(idle, 0s), fitting.job);
    dispatcher.remove_job(fitting.job);
  }
  return work.spent();
}

TEST(Dispatcher, DoesNotScanJobsOfOneRuleSet) {
  const Rules rules = [](int) { return std::vector<std::string>{"os=windows"}; };
  EXPECT_LT(dispatch_past_jobs(kMany, rules), kAboutTheSame * dispatch_past_jobs(kFew, rules));
}

TEST(Dispatcher, DoesNotScanRuleSets) {
  const Rules rules = [](int number) {
    return std::vector<std::string>{"os=linux", "gpu=" + std::to_string(number)};
  };
  EXPECT_LT(dispatch_past_jobs(kMany, rules), kAboutTheSame * dispatch_past_jobs(kFew, rules));
}

/// The work of giving one of so many agents a job that only that one can run, again and again.
std::clock_t dispatch_to_one_of(int count) {
  Dispatcher dispatcher;
  std::vector<WaitingAgent> agents;
  for (int number = 0; number < count; ++number) {
    agents.push_back({.agent = AgentId::make(),
                      .queue = kQueue,
                      .tags = {"os=linux", "host=" + std::to_string(number)}});
    EXPECT_EQ(dispatcher.add_agent(agents.back(), 0s), std::nullopt);
  }
  const Work work;
  for (std::size_t round = 0; round < kMatches; ++round) {
    const WaitingAgent& wanted = agents[round * 7 % agents.size()];
    const WaitingJob only = {
        .job = JobId::make(), .queue = kQueue, .rules = {"os=linux", wanted.tags[1]}};
    EXPECT_EQ(dispatcher.add_job(only, 0s), (Offer{only.job, wanted.agent}));
    dispatcher.remove_job(only.job);
    EXPECT_EQ(dispatcher.add_agent(wanted, 0s), std::nullopt);
  }
  return work.spent();
}

TEST(Dispatcher, DoesNotScanAgents) {
  EXPECT_LT(dispatch_to_one_of(kMany), kAboutTheSame * dispatch_to_one_of(kFew));
}

/// Jobs and agents come and go at random; remembers which offers stand.
class RandomLife {
 public:
  static constexpr int kJobs = 200;

  void step() {
    now_ += 1s;
    std::erase_if(standing_, [&](const auto& offer) { return offer.second.until <= now_; });
    for (const Lapse& lapse : dispatcher_.expire_offers(now_)) {
      if (lapse.next) note({lapse.offer.job, *lapse.next});
    }
    const AgentId somebody = agent_number(static_cast<std::uint8_t>(random_() % 8));
    const auto what = random_() % 4;
    if (what == 0 && made_ < kJobs) {
      ++made_;
      const auto offer = dispatcher_.add_job({.job = JobId::make(), .queue = kQueue}, now_);
      if (offer) note(*offer);
    } else if (what == 1) {
      dispatcher_.remove_agent(somebody);
    } else if (const auto job = dispatcher_.add_agent({.agent = somebody, .queue = kQueue}, now_)) {
      note({*job, somebody});
      if (random_() % 2 == 0) accept(*job);
    }
  }

  int accepted() const { return static_cast<int>(accepted_.size()); }

 private:
  struct Standing {
    AgentId agent;
    std::chrono::nanoseconds until;
  };

  void note(const Offer& offer) {
    ASSERT_FALSE(accepted_.contains(offer.job)) << "offered after it was accepted";
    for (const auto& [job, other] : standing_) {
      if (job != offer.job) ASSERT_NE(other.agent, offer.agent) << "an agent with two offers";
    }
    const auto [found, fresh] = standing_.try_emplace(offer.job, offer.agent, now_ + 10s);
    if (!fresh) ASSERT_EQ(found->second.agent, offer.agent) << "a job with two agents";
    ASSERT_EQ(dispatcher_.offered(offer.job), offer.agent);
  }

  void accept(JobId job) {
    standing_.erase(job);
    accepted_.insert(job);
    dispatcher_.remove_job(job);
    ASSERT_EQ(dispatcher_.offered(job), std::nullopt);
  }

  std::mt19937 random_{42};
  Dispatcher dispatcher_;
  std::map<JobId, Standing> standing_;
  std::set<JobId> accepted_;
  std::chrono::nanoseconds now_ = 0s;
  int made_ = 0;
};

TEST(Dispatcher, GivesEveryJobAwayOnceWhateverTheOrderOfEvents) {
  RandomLife life;
  for (int step = 0; step < 20'000 && !testing::Test::HasFailure(); ++step) life.step();
  EXPECT_EQ(life.accepted(), RandomLife::kJobs);
}

TEST(Dispatcher, OffersNoJobOfAPausedQueue) {
  Dispatcher dispatcher;
  const QueueId other = QueueId::make();
  dispatcher.set_paused({kQueue}, 0s);
  EXPECT_TRUE(dispatcher.is_paused(kQueue));
  dispatcher.add_agent(agent(1), 0s);
  EXPECT_FALSE(dispatcher.add_job(job(1), 0s));
  EXPECT_EQ(dispatcher.add_agent(agent(2), 0s), std::nullopt);
  WaitingAgent free = agent(3);
  free.queue = other;
  dispatcher.add_agent(free, 0s);
  WaitingJob elsewhere = job(2);
  elsewhere.queue = other;
  EXPECT_EQ(dispatcher.add_job(elsewhere, 0s), (Offer{job_number(2), agent_number(3)}));
}

TEST(Dispatcher, OffersWhatWaitedWhenAQueueIsResumed) {
  Dispatcher dispatcher;
  dispatcher.set_paused({kQueue}, 0s);
  dispatcher.add_agent(agent(1), 0s);
  dispatcher.add_agent(agent(2, {"gpu=true"}), 0s);
  dispatcher.add_agent(agent(3), 0s);
  dispatcher.add_job(job(1, {"gpu=true"}), 0s);
  dispatcher.add_job(job(2), 0s);
  EXPECT_TRUE(dispatcher.set_paused({kQueue}, 0s).empty());
  EXPECT_THAT(dispatcher.set_paused({}, 0s),
              testing::UnorderedElementsAre(Offer{job_number(1), agent_number(2)},
                                            Offer{job_number(2), agent_number(1)}));
  EXPECT_EQ(dispatcher.add_job(job(3), 0s), (Offer{job_number(3), agent_number(3)}));
}

TEST(Dispatcher, LetsAnOfferLapseIntoAPause) {
  Dispatcher dispatcher;
  dispatcher.add_agent(agent(1), 0s);
  dispatcher.add_job(job(1), 0s);
  dispatcher.add_agent(agent(2), 0s);
  dispatcher.set_paused({kQueue}, 0s);
  EXPECT_EQ(dispatcher.offered(job_number(1)), agent_number(1)) << "it was made before";
  EXPECT_FALSE(dispatcher.withdraw({job_number(1), agent_number(1)}, 0s));
  EXPECT_THAT(dispatcher.set_paused({}, 0s), ElementsAre(Offer{job_number(1), agent_number(2)}));
}

}  // namespace
}  // namespace ostler::scheduler
