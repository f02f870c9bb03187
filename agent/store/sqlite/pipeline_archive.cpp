// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/commands.hpp"
#include "store/sqlite/queries.hpp"
#include "store/sqlite/rows.hpp"

namespace ostler::store::sqlite {
namespace {

constexpr std::string_view kArchive =
    "UPDATE pipelines SET archived_at = coalesce(archived_at, ?2), poll_seen = 0 WHERE id = ?1";
constexpr std::string_view kTakeBack =
    "UPDATE pipelines SET archived_at = NULL, poll_failures = 0, poll_seen = 0, "
    "poll_due = CASE WHEN poll_seconds IS NULL THEN NULL ELSE ?2 END WHERE id = ?1";
constexpr std::string_view kForgetHeads = "DELETE FROM polled_heads WHERE pipeline_id = ?";

}  // namespace

Result<model::Pipeline> archive_pipeline(Connection& database, const ArchivePipeline& command) {
  OSTLER_TRY(auto pipeline, load_pipeline(database, command.pipeline));
  if (pipeline.archived_at.has_value() == command.is_archived) return pipeline;
  OSTLER_TRY(
      database.run(command.is_archived ? kArchive : kTakeBack, command.pipeline, command.now));
  OSTLER_TRY(database.run(kForgetHeads, command.pipeline));
  return load_pipeline(database, command.pipeline);
}

}  // namespace ostler::store::sqlite
