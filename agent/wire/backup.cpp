// SPDX-License-Identifier: Apache-2.0
#include "wire/backup.hpp"

#include <nlohmann/json.hpp>
#include <optional>

#include "wire/json_reader.hpp"

namespace ostler::wire {
namespace {

constexpr std::int64_t kFormat = 1;

}  // namespace

std::string encode(const BackupManifest& manifest) {
  return to_text({{"format", kFormat},
                  {"created_at", format_rfc3339(manifest.created_at)},
                  {"database_version", manifest.database_version},
                  {"logs", manifest.logs},
                  {"artifacts", manifest.artifacts},
                  {"bytes", manifest.bytes},
                  {"files", manifest.files},
                  {"left_out", manifest.left_out},
                  {"faults", manifest.faults}});
}

Result<BackupManifest> decode_backup_manifest(std::string_view text) {
  OSTLER_TRY(const auto object, parse_json(text, "backup.json"));
  ObjectReader reader(object, "backup.json");
  BackupManifest manifest;
  std::int64_t format = 0;
  std::optional<Timestamp> created_at;
  reader.read("format", format);
  reader.read("created_at", created_at);
  reader.read("database_version", manifest.database_version);
  reader.read("logs", manifest.logs);
  reader.read("artifacts", manifest.artifacts);
  reader.read("bytes", manifest.bytes);
  reader.read("files", manifest.files);
  reader.read("left_out", manifest.left_out);
  reader.read("faults", manifest.faults);
  reader.require(format >= 1, "format", "a number from 1 on");
  reader.require(created_at.has_value(), "created_at", "a time");
  OSTLER_TRY(reader.finish());
  if (format > kFormat) {
    return Error(Errc::UserFault, "the backup is of format " + std::to_string(format) +
                                      ", written by a newer ostler: restore it with that one");
  }
  manifest.created_at = *created_at;
  return manifest;
}

std::string encode(const HubCheck& check) {
  return to_text({{"directory", check.directory},
                  {"ok", check.fault_count == 0},
                  {"database_version", check.database_version},
                  {"logs", check.logs},
                  {"artifacts", check.artifacts},
                  {"bytes", check.bytes},
                  {"fault_count", check.fault_count},
                  {"faults", check.faults}});
}

}  // namespace ostler::wire
