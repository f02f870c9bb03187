// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>

#include "store/sqlite/queries.hpp"
#include "store/sqlite/rows.hpp"

namespace ostler::store::sqlite {
namespace {

/// Uuids of old rows are as their jobs wrote them.
constexpr std::string_view kUploads =
    "SELECT number, uuid, job_id, state, message, replaces, created_jobs, size, created_at "
    "FROM pipeline_uploads WHERE build_id = ?1 AND number > ?2 AND number < ?3 "
    "AND (?4 IS NULL OR job_id = ?4) AND (?5 IS NULL OR uuid = ?5 COLLATE NOCASE) ORDER BY number ";

KeptUpload read_kept_upload(Row& row) {
  KeptUpload kept;
  row.take(kept.number, kept.uuid, kept.job, kept.upload.state, kept.upload.message, kept.replaces,
           kept.created_jobs, kept.size, kept.created_at);
  return kept;
}

}  // namespace

Result<std::vector<KeptUpload>> list_pipeline_uploads(Connection& database,
                                                      const FindUploads& query) {
  const std::int64_t above = query.above.value_or(0);
  const std::int64_t below = query.below.value_or(std::numeric_limits<std::int64_t>::max());
  const bool is_backwards = query.above.has_value();
  OSTLER_TRY(auto found, database.list(sql(kUploads, is_backwards ? "LIMIT ?6" : "DESC LIMIT ?6"),
                                       read_kept_upload, query.build, above, below, query.job,
                                       query.uuid, query.limit));
  if (is_backwards) std::ranges::reverse(found);
  return found;
}

}  // namespace ostler::store::sqlite
