// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>

#include "base/clock.hpp"
#include "base/uuid.hpp"
#include "model/tags.hpp"

namespace ostler::scheduler {

/// Dispatch order, first to run first. Source: reference/pipeline-yaml.md 13.1.
struct JobOrder {
  std::int64_t priority = 0;  ///< higher runs first
  Timestamp scheduled_at;
  std::int64_t position = 0;
  JobId job;

  friend std::strong_ordering operator<=>(const JobOrder& a, const JobOrder& b) {
    if (const auto by = b.priority <=> a.priority; by != 0) return by;
    if (const auto by = a.scheduled_at <=> b.scheduled_at; by != 0) return by;
    if (const auto by = a.position <=> b.position; by != 0) return by;
    return a.job <=> b.job;
  }
  friend bool operator==(const JobOrder&, const JobOrder&) = default;
};

/// Jobs that wait for an agent. Jobs of one queue with equal terms form a class, and each class is
/// filed under one of its terms, so that an agent is compared with few of them however many jobs
/// wait.
class JobPool {
 public:
  /// Requires: the job is not in the pool.
  void add(const JobOrder& order, QueueId queue, const model::Terms& terms);
  /// Does nothing when the job is not in the pool.
  void remove(JobId job);

  /// The first job in dispatch order that an agent of `queue` with these terms can run.
  std::optional<JobId> first_for(QueueId queue, const model::Terms& available) const;

 private:
  struct JobClass {
    std::string filed_under;  ///< one of its terms; empty when it has none
    std::set<JobOrder> jobs;  ///< never empty
  };
  using ClassKey = std::pair<QueueId, model::Terms>;
  using Classes = std::map<ClassKey, JobClass>;
  using Shelf = std::pair<QueueId, std::string>;

  std::string choose_shelf(QueueId queue, const model::Terms& terms) const;
  void look_at(const Shelf& shelf, const model::Terms& available, const JobOrder*& best) const;

  Classes classes_;
  std::map<Shelf, std::set<ClassKey>> shelves_;
  std::unordered_map<JobId, std::pair<Classes::iterator, JobOrder>> places_;
};

}  // namespace ostler::scheduler
