// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "store_suite.hpp"

namespace ostler::store {
namespace {

using model::ConcurrencyMethod;
using model::JobState;

/// Builds whose jobs crowd into two groups, moved on at random; what must hold is worked out anew
/// from all jobs after each move.
class CrowdedGroups : public StoreSuite {
 protected:
  void run(unsigned seed);

 private:
  struct Member {
    model::Job job;
    model::Concurrency terms;
  };
  using Groups = std::map<std::string, std::vector<Member>>;

  int below(int count) { return static_cast<int>(random_() % static_cast<unsigned>(count)); }
  void make_build();
  void act();
  void act_on(const model::Job& job);
  void retry(JobId job);
  std::vector<model::Job> jobs() { return house_.get(house_.store().jobs({.builds = builds_})); }
  Groups groups();
  void check();
  static void check_line(const std::vector<Member>& members);
  void check_admitted(const std::vector<Member>& members);
  void drain();

  std::mt19937 random_;
  std::vector<BuildId> builds_;
  std::map<std::pair<BuildId, std::string>, model::Concurrency> terms_;
  std::set<JobId> held_before_;  ///< slots, at the last look
  std::vector<support::Worker> agents_;
};
INSTANTIATE_TEST_SUITE_P(Store, CrowdedGroups, testing::ValuesIn(store_kinds()), name_of);

void CrowdedGroups::make_build() {
  std::string yaml = "steps:\n";
  std::map<std::string, model::Concurrency> terms;
  const int steps = 1 + below(5);
  for (int at = 0; at < steps; ++at) {
    const std::string key = "s" + std::to_string(at);
    yaml += "  - {command: x, key: " + key + ", priority: " + std::to_string(below(3));
    if (at > 0 && below(2) == 0) yaml += ", depends_on: s" + std::to_string(below(at));
    if (below(4) == 0) yaml += ", retry: {automatic: {limit: 1}}";
    if (below(5) == 0) yaml += ", cancel_on_build_failing: true";
    if (below(3) != 0) {
      model::Concurrency of_step{.group = below(2) == 0 ? "g" : "h", .limit = 1 + below(3)};
      if (below(3) == 0) of_step.method = ConcurrencyMethod::Eager;
      yaml += ", concurrency: " + std::to_string(of_step.limit) +
              ", concurrency_group: " + of_step.group +
              ", concurrency_method: " + std::string(to_string(of_step.method));
      terms[key] = of_step;
    }
    yaml += "}\n";
  }
  // Sometimes two builds have one age.
  if (below(3) != 0) house_.pass(std::chrono::milliseconds(1));
  builds_.push_back(house_.create_build(yaml).build.id);
  for (const auto& [key, of_step] : terms) terms_[{builds_.back(), key}] = of_step;
}

CrowdedGroups::Groups CrowdedGroups::groups() {
  Groups groups;
  for (model::Job& job : jobs()) {
    const auto found = terms_.find({job.step.build, job.step.key});
    if (found == terms_.end()) continue;
    groups[found->second.group].push_back({std::move(job), found->second});
  }
  return groups;
}

void CrowdedGroups::check() {
  for (const auto& [name, members] : groups()) {
    SCOPED_TRACE(name);
    check_line(members);
    check_admitted(members);
  }
}

/// Whoever has come in since the last look found room by his own limit.
void CrowdedGroups::check_admitted(const std::vector<Member>& members) {
  int held = 0;
  std::vector<int> limits;
  for (const Member& member : members) {
    if (!holds_slot(member.job.state)) {
      held_before_.erase(member.job.id);
    } else if (held_before_.insert(member.job.id).second) {
      limits.push_back(member.terms.limit);
    } else {
      ++held;
    }
  }
  std::ranges::sort(limits);
  for (const int limit : limits) ASSERT_LT(held++, limit);
}

void CrowdedGroups::check_line(const std::vector<Member>& members) {
  const auto age = [](const Member& member) {
    return std::tuple(*member.job.scheduled_at, member.job.step.build);
  };
  const auto place = [&](const Member& member) {
    return std::tuple(age(member), member.job.step.position, member.job.id);
  };
  const auto held = std::ranges::count_if(
      members, [](const Member& member) { return holds_slot(member.job.state); });
  for (const Member& member : members) {
    if (member.job.state != JobState::Limited) continue;
    const auto ahead = std::ranges::count_if(members, [&](const Member& other) {
      if (other.job.state == JobState::Waiting) return age(other) < age(member);
      return other.job.state == JobState::Limited && place(other) < place(member);
    });
    const bool is_eager = member.terms.method == ConcurrencyMethod::Eager;
    ASSERT_GE(held + (is_eager ? 0 : ahead), member.terms.limit) << "it may go and does not";
  }
}

void CrowdedGroups::retry(JobId job) {
  // Some may not be: that is another test's affair.
  (void)house_.call(house_.store().retry_job({.job = job, .now = house_.now()}));
}

void CrowdedGroups::act_on(const model::Job& job) {
  const int dice = below(10);
  switch (job.state) {
    case JobState::Limited:
    case JobState::Waiting:
      if (dice == 0) house_.get(house_.store().cancel_job({job.id, house_.now()}));
      break;
    case JobState::Scheduled:
      if (dice == 0) {
        house_.get(house_.store().cancel_job({job.id, house_.now()}));
      } else if (!agents_.empty()) {
        house_.accept(agents_.back(), job.id);
        house_.start(agents_.back(), job.id);
        agents_.pop_back();
      }
      break;
    case JobState::Running:
    case JobState::Canceling: {
      const auto agent = support::Worker{*job.agent, Secret("")};
      if (dice == 0 && job.state == JobState::Running) {
        house_.get(house_.store().cancel_job({job.id, house_.now()}));
      } else {
        house_.finish(agent, job.id, dice < 4 ? 1 : 0);
        agents_.push_back(house_.connect_agent());
      }
      break;
    }
    case JobState::Finished:
    case JobState::Canceled:
      if (dice == 0) retry(job.id);
      break;
    default: break;
  }
}

void CrowdedGroups::act() {
  const int dice = below(40);
  if (dice < 4 && builds_.size() < 25) return make_build();
  if (dice == 4) return house_.reopen();
  if (dice == 5) {
    (void)house_.call(house_.store().cancel_build(
        {builds_[static_cast<std::size_t>(below(static_cast<int>(builds_.size())))], "",
         house_.now()}));
    return;
  }
  const auto all = jobs();
  act_on(all[static_cast<std::size_t>(below(static_cast<int>(all.size())))]);
}

/// Whoever may run does, and in the end nobody is left.
void CrowdedGroups::drain() {
  for (bool moved = true; moved;) {
    moved = false;
    for (const model::Job& job : jobs()) {
      if (job.state == JobState::Scheduled) {
        const auto agent = house_.connect_agent();
        house_.accept(agent, job.id);
        house_.finish(agent, job.id);
        moved = true;
      } else if (is_with_agent(job.state)) {
        house_.finish({*job.agent, Secret("")}, job.id);
        moved = true;
      }
    }
  }
  for (const model::Job& job : jobs()) {
    EXPECT_TRUE(is_terminal(job.state)) << to_string(job.state) << " for ever";
  }
}

void CrowdedGroups::run(unsigned seed) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  random_.seed(seed);
  builds_.clear();
  for (int i = 0; i < 4; ++i) agents_.push_back(house_.connect_agent());
  for (int i = 0; i < 5; ++i) make_build();
  for (int step = 0; step < 150 && !HasFatalFailure(); ++step) {
    act();
    check();
  }
  drain();
}

TEST_P(CrowdedGroups, NeverHoldMoreThanTheirLimitsAndNeverLeaveASlotToNobody) {
  for (unsigned seed = 1; seed <= 4 && !HasFatalFailure(); ++seed) run(seed);
}

}  // namespace
}  // namespace ostler::store
