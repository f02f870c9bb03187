// SPDX-License-Identifier: Apache-2.0
#include "wire/rest_retention.hpp"

#include <nlohmann/json.hpp>

#include "wire/rest_json.hpp"

namespace ostler::wire {
namespace {

constexpr std::int64_t kMostKept = 1'000'000'000;

bool is_kept_number(const nlohmann::json& value) {
  return value.is_number_integer() && value >= 0 && value <= kMostKept;
}

}  // namespace

bool set_rest_retention(model::Retention& retention, std::string_view name, std::int64_t number) {
  constexpr std::int64_t kMostDays = 36'500;
  const bool is_of_days = name.ends_with("_days");
  if (number < 0 || number > (is_of_days ? kMostDays : kMostKept)) return false;
  const int days = static_cast<int>(is_of_days ? number : 0);
  if (name == "builds_days") return retention.builds_days = days, true;
  if (name == "logs_days") return retention.logs_days = days, true;
  if (name == "artifacts_days") return retention.artifacts_days = days, true;
  if (name == "newest_builds") return retention.newest_builds = number, true;
  if (name == "newest_logs") return retention.newest_logs = number, true;
  if (name == "newest_artifacts") return retention.newest_artifacts = number, true;
  return false;
}

void read_rest_retention(RestFields& fields, model::Retention& into) {
  const nlohmann::json* object = fields.object("retention");
  if (object == nullptr) return;
  into = {};
  RestFields parts(*object, "retention.");
  for (const auto& [name, value] : object->items()) {
    if (value.is_null()) continue;
    if (is_kept_number(value) && set_rest_retention(into, name, value.get<std::int64_t>())) {
      continue;
    }
    parts.fail(name,
               "must be builds_days, logs_days or artifacts_days (0 to 36500), or newest_builds, "
               "newest_logs or newest_artifacts (0 to 1000000000)");
  }
  fields.take_errors_of(parts);
}

std::string encode_rest_retention(const model::Retention& retention) {
  return JsonObjectText()
      .number("builds_days", retention.builds_days)
      .number("logs_days", retention.logs_days)
      .number("artifacts_days", retention.artifacts_days)
      .number("newest_builds", retention.newest_builds)
      .number("newest_logs", retention.newest_logs)
      .number("newest_artifacts", retention.newest_artifacts)
      .finish();
}

}  // namespace ostler::wire
