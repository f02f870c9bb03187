// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>
#include <string_view>

#include "store/retention.hpp"
#include "store/sqlite/queries.hpp"
#include "store/sqlite/rows.hpp"

namespace ostler::store::sqlite {
namespace {

constexpr std::string_view kOldBuilds =
    "SELECT id FROM builds WHERE finished_at <= ? ORDER BY finished_at LIMIT ?";
constexpr std::string_view kOldLogs =
    "SELECT id FROM builds INDEXED BY builds_with_logs "
    "WHERE finished_at <= ? AND logs_removed = 0 ORDER BY finished_at LIMIT ?";
constexpr std::string_view kOldArtifacts =
    "SELECT id FROM builds INDEXED BY builds_with_artifacts "
    "WHERE finished_at <= ? AND artifacts_removed = 0 ORDER BY finished_at LIMIT ?";
constexpr std::string_view kPipelines = "SELECT id FROM pipelines ORDER BY id";
/// Builds that are over and stand behind the newest ?2 of their pipeline.
constexpr std::string_view kSurplusBuilds =
    "SELECT id FROM builds WHERE pipeline_id = ?1 AND finished_at <= ?3 AND (created_at, id) <= "
    "(SELECT created_at, id FROM builds WHERE pipeline_id = ?1 "
    "ORDER BY created_at DESC, id DESC LIMIT 1 OFFSET ?2) ORDER BY created_at, id LIMIT ?4";

class Search {
 public:
  Search(Connection& database, const FindExpired& query) : database_(database), query_(query) {}

  Result<std::vector<ExpiredBuild>> run() {
    const RetentionTerms& terms = query_.terms;
    OSTLER_TRY(add_old(kOldBuilds, terms.builds, Expiry::Build));
    OSTLER_TRY(add_surplus());
    // A build that goes takes its logs and artifacts along.
    if (terms.builds.count() == 0 || terms.logs < terms.builds) {
      OSTLER_TRY(add_old(kOldLogs, terms.logs, Expiry::Logs));
    }
    if (terms.builds.count() == 0 || terms.artifacts < terms.builds) {
      OSTLER_TRY(add_old(kOldArtifacts, terms.artifacts, Expiry::Artifacts));
    }
    return std::move(found_);
  }

 private:
  std::int64_t room() const {
    return std::max<std::int64_t>(query_.limit - static_cast<std::int64_t>(found_.size()), 0);
  }

  void add(const std::vector<BuildId>& builds, Expiry what) {
    for (const BuildId build : builds) {
      const ExpiredBuild expired{build, what};
      if (std::ranges::find(found_, expired) == found_.end()) found_.push_back(expired);
    }
  }

  Result<void> add_old(std::string_view sql, std::chrono::days age, Expiry what) {
    if (age.count() == 0) return success();
    OSTLER_TRY(const auto builds,
               database_.list(sql, read_value<BuildId>, query_.now + -age, room()));
    add(builds, what);
    return success();
  }

  Result<void> add_surplus() {
    if (query_.terms.newest_builds == 0) return success();
    OSTLER_TRY(const auto pipelines, database_.list(kPipelines, read_value<PipelineId>));
    for (const PipelineId pipeline : pipelines) {
      OSTLER_TRY(const auto builds,
                 database_.list(kSurplusBuilds, read_value<BuildId>, pipeline,
                                query_.terms.newest_builds, query_.now + -kLeastRetention, room()));
      add(builds, Expiry::Build);
    }
    return success();
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
