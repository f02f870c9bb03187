// SPDX-License-Identifier: Apache-2.0
#include "cli/keep_option.hpp"

#include <algorithm>
#include <charconv>
#include <string>

#include "wire/rest_retention.hpp"

namespace ostler::cli {
namespace {

Result<void> parse_kept(std::string_view part, model::Retention& into) {
  const auto equals = std::min(part.find('='), part.size());
  std::string name(part.substr(0, equals));
  std::ranges::replace(name, '-', '_');
  const std::string_view value = part.substr(std::min(equals + 1, part.size()));
  std::int64_t number = -1;
  const auto [end, fault] = std::from_chars(value.data(), value.data() + value.size(), number);
  const bool is_number = fault == std::errc() && end == value.data() + value.size();
  if (is_number && wire::set_rest_retention(into, name, number)) return success();
  return Error(Errc::UserFault,
               "--keep " + std::string(part) +
                   ": say builds-days, logs-days or artifacts-days (=0 to 36500), or "
                   "newest-builds, newest-logs or newest-artifacts (=0 to 1000000000)");
}

}  // namespace

Result<model::Retention> parse_keep(std::string_view text) {
  model::Retention retention;
  if (text == "hub") return retention;
  while (!text.empty()) {
    const auto comma = std::min(text.find(','), text.size());
    OSTLER_TRY(parse_kept(text.substr(0, comma), retention));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return retention;
}

}  // namespace ostler::cli
