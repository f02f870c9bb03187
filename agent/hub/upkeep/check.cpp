// SPDX-License-Identifier: Apache-2.0
#include "hub/upkeep/check.hpp"

#include <optional>
#include <utility>

#include "hub/upkeep/hub_files.hpp"

namespace ostler::hub {
namespace {

/// A backup changes no more, and may be where nothing can be written.
Result<std::optional<files::FileLock>> hold_blobs_of_hub(const std::filesystem::path& directory) {
  std::error_code ec;
  if (std::filesystem::exists(directory / kManifestName, ec)) return std::nullopt;
  OSTLER_TRY(auto lock, hold_blobs(directory));
  return std::optional(std::move(lock));
}

}  // namespace

Result<wire::HubCheck> check_hub(const std::filesystem::path& directory, const Progress& progress) {
  auto opened = store::DatabaseFile::open(directory / kDatabaseName);
  if (!opened) return std::move(opened).error().with_context(directory.string());
  store::DatabaseFile& database = opened.value();
  OSTLER_TRY(const auto hold, hold_blobs_of_hub(directory));
  wire::HubCheck check{.directory = directory.string()};
  OSTLER_TRY(check.database_version, database.version());
  OSTLER_TRY(const auto size, database.size());
  progress("checking the database", 0, size);
  OSTLER_TRY(check.faults, database.faults());
  check.fault_count = static_cast<std::int64_t>(check.faults.size());
  if (check.fault_count > 0) return check;  // what a damaged one promises means nothing
  OSTLER_TRY(const auto promised, database.count_promised_blobs());
  check.logs = promised.logs;
  check.artifacts = promised.artifacts;
  check.bytes = promised.bytes;
  OSTLER_TRY(auto faults, check_blobs(database, directory / kBlobsName, progress));
  check.fault_count = faults.count;
  check.faults = std::move(faults.lines);
  return check;
}

}  // namespace ostler::hub
