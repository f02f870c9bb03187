// SPDX-License-Identifier: Apache-2.0
#include "bench/archive/old_builds.hpp"

#include <array>
#include <chrono>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "bench/archive/row_copier.hpp"

namespace ostler::bench {
namespace {

using std::chrono::microseconds;

constexpr std::int64_t kPassed = 4;
constexpr std::int64_t kFailed = 5;
constexpr std::int64_t kFinished = 6;  // of a job
constexpr std::int64_t kBranches = 20'000;
constexpr microseconds kSpan = std::chrono::days(60);
constexpr microseconds kDuration = std::chrono::minutes(5);

/// One pipeline, with its build that is copied.
struct Pattern {
  std::string pipeline;
  std::string build;
  std::string step;
  std::string job;
  std::int64_t last_number = 0;
};

std::vector<Pattern> patterns_of(sqlite3* database) {
  std::vector<Pattern> patterns;
  for (auto& pipeline : column(database, "SELECT id FROM pipelines ORDER BY created_at, id")) {
    patterns.emplace_back().pipeline = std::move(pipeline);
  }
  const auto builds = column(database, "SELECT id FROM builds ORDER BY created_at, id");
  const auto steps = column(database,
                            "SELECT s.id FROM steps s JOIN builds b ON b.id = s.build_id "
                            "ORDER BY b.created_at, b.id");
  const auto jobs = column(database,
                           "SELECT j.id FROM jobs j JOIN builds b ON b.id = j.build_id "
                           "ORDER BY b.created_at, b.id");
  for (std::size_t i = 0; i < patterns.size(); ++i) {
    patterns[i].build = builds.at(i);
    patterns[i].step = steps.at(i);
    patterns[i].job = jobs.at(i);
    patterns[i].last_number = 1;
  }
  return patterns;
}

std::string branch_of(std::int64_t index) {
  if (index % 10 < 6) return "main";
  return (index % 10 == 6 ? "release/" : "feature/") + std::to_string(index % kBranches);
}

class Filling {
 public:
  explicit Filling(sqlite3* database)
      : patterns_(patterns_of(database)),
        builds_(database, "builds",
                {"id", "number", "state", "branch", "commit_ref", "created_at", "scheduled_at",
                 "started_at", "finished_at"}),
        steps_(database, "steps", {"id", "build_id", "sort_key"}),
        jobs_(database, "jobs",
              {"id", "build_id", "step_id", "sort_key", "state", "exit_status", "created_at",
               "finished_at"}),
        meta_data_(prepare(database,
                           "INSERT INTO meta_data (build_id, key, value) "
                           "VALUES (?, 'env', 'production')")) {}

  void add(std::int64_t index, microseconds at) {
    Pattern& of = index % 4 < 3
                      ? patterns_.front()
                      : patterns_[static_cast<std::size_t>(index / 4) % (patterns_.size() - 1)];
    const std::string build = add_build(of, index, at, 1);
    if (index % 1000 != 0) return;
    run_with(meta_data_.get(), build);
  }

  void add_wide(std::int64_t index, microseconds at, std::int64_t jobs) {
    add_build(patterns_.back(), index, at, jobs);
  }

 private:
  std::string add_build(Pattern& of, std::int64_t index, microseconds at, std::int64_t jobs) {
    const std::int64_t state = index % 100 == 7 ? kFailed : kPassed;
    const std::string branch = branch_of(index);
    std::array<char, 41> commit{};
    std::snprintf(commit.data(), commit.size(), "%040llx",
                  static_cast<unsigned long long>(index / 2) * 0x9e3779b97f4a7c15ULL);
    const std::int64_t end = (at + kDuration).count();
    std::string build = ids_.next(at);
    builds_.copy(of.build, build, ++of.last_number, state, RowCopier::Text{branch},
                 RowCopier::Text{commit.data()}, at.count(), at.count(), at.count(), end);
    for (std::int64_t i = 0; i < jobs; ++i) {
      const std::string step = ids_.next(at);
      steps_.copy(of.step, step, build, i);
      jobs_.copy(of.job, ids_.next(at), build, step, i, kFinished, std::int64_t{state == kFailed},
                 at.count(), end);
    }
    return build;
  }

  std::vector<Pattern> patterns_;
  Ids ids_;
  RowCopier builds_;
  RowCopier steps_;
  RowCopier jobs_;
  Statement meta_data_;
};

}  // namespace

void fill(const std::filesystem::path& file, const OldBuilds& what) {
  const Database database = open_to_fill(file);
  execute(database.get(), "BEGIN");
  Filling filling(database.get());
  const auto now =
      std::chrono::duration_cast<microseconds>(std::chrono::system_clock::now().time_since_epoch());
  for (std::int64_t i = 0; i < what.count; ++i) {
    filling.add(i, now - kSpan + kSpan / what.count * i);
  }
  for (std::int64_t i = 0; i < what.wide_count; ++i) {
    filling.add_wide(i, now - kSpan / 2 + microseconds(i), what.jobs_of_wide);
  }
  execute(database.get(),
          "UPDATE pipelines SET last_build_number = "
          "(SELECT max(number) FROM builds WHERE pipeline_id = pipelines.id)");
  execute(database.get(), "COMMIT");
}

}  // namespace ostler::bench
