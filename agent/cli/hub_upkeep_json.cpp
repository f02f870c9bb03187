// SPDX-License-Identifier: Apache-2.0
#include "cli/hub_upkeep_json.hpp"

#include <nlohmann/json.hpp>

#include "wire/json_reader.hpp"

namespace ostler::cli {

using nlohmann::json;

std::string backup_json(const wire::BackupManifest& made,
                        const std::filesystem::path& destination) {
  return wire::to_text({{"directory", destination.string()},
                        {"created_at", format_rfc3339(made.created_at)},
                        {"database_version", made.database_version},
                        {"logs", made.logs},
                        {"artifacts", made.artifacts},
                        {"bytes", made.bytes},
                        {"files", made.files},
                        {"left_out", made.left_out},
                        {"faults", made.faults}});
}

std::string restored_json(const hub::Restored& restored, const std::filesystem::path& data) {
  return wire::to_text(
      {{"directory", data.string()},
       {"backup_created_at", format_rfc3339(restored.manifest.created_at)},
       {"replaced", restored.replaced ? json(restored.replaced->string()) : json()},
       {"knows_replaced_numbers", restored.knows_replaced_numbers},
       {"ended_builds", restored.ended_builds},
       {"skipped_build_numbers", hub::kSkippedBuildNumbers},
       {"left_out", restored.manifest.left_out},
       {"fault_count", restored.faults.count},
       {"faults", restored.faults.lines}});
}

}  // namespace ostler::cli
