// SPDX-License-Identifier: Apache-2.0
#include "bench/archive/old_builds.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <string_view>
#include <vector>

namespace ostler::bench {
namespace {

using std::chrono::microseconds;

constexpr std::int64_t kPassed = 4;
constexpr std::int64_t kFailed = 5;
constexpr std::int64_t kFinished = 6;  // of a job
constexpr std::int64_t kBranches = 20'000;
constexpr microseconds kSpan = std::chrono::days(60);
constexpr microseconds kDuration = std::chrono::minutes(5);

struct Closed {
  void operator()(sqlite3* database) const { ::sqlite3_close(database); }
  void operator()(sqlite3_stmt* statement) const { ::sqlite3_finalize(statement); }
};
using Database = std::unique_ptr<sqlite3, Closed>;
using Statement = std::unique_ptr<sqlite3_stmt, Closed>;

void check(sqlite3* database, bool succeeded, const std::string& what) {
  if (succeeded) return;
  std::fprintf(stderr, "%s: %s\n", what.c_str(), ::sqlite3_errmsg(database));
  std::exit(1);
}

Statement prepare(sqlite3* database, const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  check(database, ::sqlite3_prepare_v2(database, sql.c_str(), -1, &statement, nullptr) == SQLITE_OK,
        sql);
  return Statement(statement);
}

void execute(sqlite3* database, const std::string& sql) {
  check(database, ::sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK,
        sql);
}

/// The first column of every row.
std::vector<std::string> column(sqlite3* database, const std::string& sql) {
  const Statement statement = prepare(database, sql);
  std::vector<std::string> values;
  while (::sqlite3_step(statement.get()) == SQLITE_ROW) {
    const void* data = ::sqlite3_column_blob(statement.get(), 0);
    const auto size = static_cast<std::size_t>(::sqlite3_column_bytes(statement.get(), 0));
    values.emplace_back(static_cast<const char*>(data), size);
  }
  return values;
}

/// Ids in the order of their builds, as the hub's own are.
class Ids {
 public:
  std::string next(microseconds time) {
    std::string id(16, '\0');
    const auto millis = static_cast<std::uint64_t>(time.count() / 1000);
    put(id, 0, 6, millis);
    put(id, 6, 10, ++count_);
    id[6] = '\x70';
    id[8] = '\x80';
    return id;
  }

 private:
  static void put(std::string& id, std::size_t from, std::size_t size, std::uint64_t value) {
    for (std::size_t i = 0; i < size; ++i) {
      id[from + size - 1 - i] = static_cast<char>(value & 0xff);
      value >>= 8;
    }
  }
  std::uint64_t count_ = 0;
};

/// Copies rows of one table with other values in some of their columns.
class Copier {
 public:
  Copier(sqlite3* database, const std::string& table, const std::vector<std::string>& changed)
      : database_(database) {
    std::string columns;
    std::string values;
    for (const auto& name :
         column(database, "SELECT name FROM pragma_table_info('" + table + "')")) {
      columns += (columns.empty() ? "" : ", ") + name;
      values += values.empty() ? "" : ", ";
      const auto at = std::ranges::find(changed, name);
      values += at == changed.end() ? name : "?" + std::to_string(at - changed.begin() + 2);
    }
    statement_ = prepare(database, "INSERT INTO " + table + " (" + columns + ") SELECT " + values +
                                       " FROM " + table + " WHERE id = ?1");
  }

  template <class... Values>
  void copy(const std::string& id, const Values&... values) {
    int place = 1;
    bind(place++, id);
    (bind(place++, values), ...);
    check(database_, ::sqlite3_step(statement_.get()) == SQLITE_DONE, "copy a row");
    check(database_, ::sqlite3_reset(statement_.get()) == SQLITE_OK, "copy a row");
  }

  struct Text {
    std::string value;
  };

 private:
  void bind(int place, const std::string& blob) {
    ::sqlite3_bind_blob(statement_.get(), place, blob.data(), static_cast<int>(blob.size()),
                        SQLITE_TRANSIENT);
  }
  void bind(int place, const Text& text) {
    ::sqlite3_bind_text(statement_.get(), place, text.value.data(),
                        static_cast<int>(text.value.size()), SQLITE_TRANSIENT);
  }
  void bind(int place, std::int64_t number) {
    ::sqlite3_bind_int64(statement_.get(), place, number);
  }

  sqlite3* database_;
  Statement statement_;
};

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
    ::sqlite3_bind_blob(meta_data_.get(), 1, build.data(), 16, SQLITE_TRANSIENT);
    if (::sqlite3_step(meta_data_.get()) != SQLITE_DONE) std::exit(1);
    ::sqlite3_reset(meta_data_.get());
  }

  void add_wide(std::int64_t index, microseconds at, std::int64_t jobs) {
    add_build(patterns_.back(), index, at, jobs);
  }

 private:
  std::string add_build(Pattern& of, std::int64_t index, microseconds at, std::int64_t jobs) {
    const std::int64_t state = index % 100 == 7 ? kFailed : kPassed;
    const auto is_main = index % 10 < 6;
    const std::string branch = is_main ? "main" : "feature/" + std::to_string(index % kBranches);
    std::array<char, 41> commit{};
    std::snprintf(commit.data(), commit.size(), "%040llx",
                  static_cast<unsigned long long>(index / 2) * 0x9e3779b97f4a7c15ULL);
    const std::int64_t end = (at + kDuration).count();
    std::string build = ids_.next(at);
    builds_.copy(of.build, build, ++of.last_number, state, Copier::Text{branch},
                 Copier::Text{commit.data()}, at.count(), at.count(), at.count(), end);
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
  Copier builds_;
  Copier steps_;
  Copier jobs_;
  Statement meta_data_;
};

}  // namespace

void fill(const std::filesystem::path& file, const OldBuilds& what) {
  sqlite3* opened = nullptr;
  const bool is_open = ::sqlite3_open(file.c_str(), &opened) == SQLITE_OK;
  const Database database(opened);
  check(opened, is_open, file.string());
  execute(opened, "PRAGMA synchronous = OFF");
  execute(opened, "PRAGMA cache_size = -2000000");
  execute(opened, "BEGIN");
  Filling filling(opened);
  const auto now =
      std::chrono::duration_cast<microseconds>(std::chrono::system_clock::now().time_since_epoch());
  for (std::int64_t i = 0; i < what.count; ++i) {
    filling.add(i, now - kSpan + kSpan / what.count * i);
  }
  for (std::int64_t i = 0; i < what.wide_count; ++i) {
    filling.add_wide(i, now - kSpan / 2 + microseconds(i), what.jobs_of_wide);
  }
  execute(opened,
          "UPDATE pipelines SET last_build_number = "
          "(SELECT max(number) FROM builds WHERE pipeline_id = pipelines.id)");
  execute(opened, "COMMIT");
}

}  // namespace ostler::bench
