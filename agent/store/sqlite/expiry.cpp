// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string_view>

#include "model/pipeline.hpp"
#include "store/retention.hpp"
#include "store/sqlite/queries.hpp"
#include "store/sqlite/rows.hpp"

namespace ostler::store::sqlite {
namespace {

constexpr std::string_view kPipelines =
    "SELECT id, keep_builds_days, keep_logs_days, keep_artifacts_days, keep_newest_builds, "
    "keep_newest_logs, keep_newest_artifacts FROM pipelines ORDER BY id";

/// How to find the builds of a pipeline that are over and have something to lose.
struct Statements {
  Expiry what;
  /// Those that ended until ?2, ?3 of them.
  std::string_view old;
  /// Those that stand behind the newest ?2 builds and ended until ?3, ?4 of them.
  std::string_view surplus;
};
constexpr std::array kStatements = {
    Statements{Expiry::Build,
               "SELECT id FROM builds INDEXED BY builds_by_pipeline_finish WHERE pipeline_id = ?1 "
               "AND finished_at <= ?2 ORDER BY finished_at LIMIT ?3",
               "SELECT id FROM builds INDEXED BY builds_by_pipeline WHERE pipeline_id = ?1 "
               "AND finished_at <= ?3 AND (created_at, id) <= (SELECT created_at, id FROM builds "
               "WHERE pipeline_id = ?1 ORDER BY created_at DESC, id DESC LIMIT 1 OFFSET ?2) "
               "ORDER BY created_at, id LIMIT ?4"},
    Statements{Expiry::Logs,
               "SELECT id FROM builds INDEXED BY builds_with_logs WHERE pipeline_id = ?1 "
               "AND finished_at <= ?2 AND logs_removed = 0 ORDER BY finished_at LIMIT ?3",
               "SELECT id FROM builds INDEXED BY builds_with_logs_by_age WHERE pipeline_id = ?1 "
               "AND finished_at <= ?3 AND logs_removed = 0 AND (created_at, id) <= (SELECT "
               "created_at, id FROM builds WHERE pipeline_id = ?1 ORDER BY created_at DESC, "
               "id DESC LIMIT 1 OFFSET ?2) ORDER BY created_at, id LIMIT ?4"},
    Statements{Expiry::Artifacts,
               "SELECT id FROM builds INDEXED BY builds_with_artifacts WHERE pipeline_id = ?1 "
               "AND finished_at <= ?2 AND artifacts_removed = 0 ORDER BY finished_at LIMIT ?3",
               "SELECT id FROM builds INDEXED BY builds_with_artifacts_by_age WHERE pipeline_id = "
               "?1 AND finished_at <= ?3 AND artifacts_removed = 0 AND (created_at, id) <= (SELECT "
               "created_at, id FROM builds WHERE pipeline_id = ?1 ORDER BY created_at DESC, "
               "id DESC LIMIT 1 OFFSET ?2) ORDER BY created_at, id LIMIT ?4"}};

struct OwnTerms {
  PipelineId pipeline;
  model::Retention own;
};
OwnTerms read_own_terms(Row& row) {
  OwnTerms terms;
  model::Retention& own = terms.own;
  row.take(terms.pipeline, own.builds_days, own.logs_days, own.artifacts_days, own.newest_builds,
           own.newest_logs, own.newest_artifacts);
  return terms;
}

/// How much of one kind is kept.
struct Limits {
  std::chrono::days age{0};
  std::int64_t newest = 0;
};
using AllLimits = std::array<Limits, kStatements.size()>;  // in the order of kStatements

AllLimits limits_of(const RetentionTerms& hub, const model::Retention& own) {
  const auto days = [](std::optional<int> mine, std::chrono::days other) {
    return mine ? std::chrono::days(*mine) : other;
  };
  AllLimits all = {
      Limits{days(own.builds_days, hub.builds), own.newest_builds.value_or(hub.newest_builds)},
      Limits{days(own.logs_days, hub.logs), own.newest_logs.value_or(hub.newest_logs)},
      Limits{days(own.artifacts_days, hub.artifacts),
             own.newest_artifacts.value_or(hub.newest_artifacts)}};
  // A build that goes takes its logs and artifacts along.
  const Limits& builds = all.front();
  for (Limits& parts : std::span(all).subspan(1)) {
    if (builds.age.count() != 0 && parts.age >= builds.age) parts.age = {};
    if (builds.newest != 0 && parts.newest >= builds.newest) parts.newest = 0;
  }
  return all;
}

class Search {
 public:
  Search(Connection& database, const FindExpired& query) : database_(database), query_(query) {}

  Result<std::vector<ExpiredBuild>> run() {
    OSTLER_TRY(const auto pipelines, database_.list(kPipelines, read_own_terms));
    for (const OwnTerms& terms : pipelines) {
      OSTLER_TRY(look_at(terms.pipeline, limits_of(query_.terms, terms.own)));
      if (room() == 0) break;
    }
    return std::move(found_);
  }

 private:
  std::int64_t room() const {
    return std::max<std::int64_t>(query_.limit - static_cast<std::int64_t>(found_.size()), 0);
  }

  Result<void> look_at(PipelineId pipeline, const AllLimits& limits) {
    for (std::size_t i = 0; i < kStatements.size(); ++i) {
      const auto& [what, old, surplus] = kStatements[i];
      const auto& [age, newest] = limits[i];
      if (age.count() != 0) {
        OSTLER_TRY(const auto builds,
                   database_.list(old, read_value<BuildId>, pipeline, query_.now + -age, room()));
        add(builds, what);
      }
      if (newest == 0) continue;
      OSTLER_TRY(const auto builds, database_.list(surplus, read_value<BuildId>, pipeline, newest,
                                                   query_.now + -kLeastRetention, room()));
      add(builds, what);
    }
    return success();
  }

  void add(const std::vector<BuildId>& builds, Expiry what) {
    for (const BuildId build : builds) {
      const ExpiredBuild expired{build, what};
      if (std::ranges::find(found_, expired) == found_.end()) found_.push_back(expired);
    }
  }

  Connection& database_;
  const FindExpired& query_;
  std::vector<ExpiredBuild> found_;
};

}  // namespace

Result<std::vector<ExpiredBuild>> list_expired_builds(Connection& database,
                                                      const FindExpired& query) {
  return Search(database, query).run();
}

}  // namespace ostler::store::sqlite
