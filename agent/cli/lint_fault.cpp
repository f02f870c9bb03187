// SPDX-License-Identifier: Apache-2.0
#include "cli/lint_fault.hpp"

#include <nlohmann/json.hpp>

#include "console/pipeline_faults.hpp"

namespace ostler::cli {
namespace {

using nlohmann::json;

/// What stands behind the place that a message begins with.
std::string reason_in(const std::string& message, const std::string& place) {
  return message.starts_with(place + ": ") ? message.substr(place.size() + 2) : message;
}

json number_or_null(int number) { return number > 0 ? json(number) : json(); }

json object_of(const LintFault& fault) {
  const bool has_place = fault.at.line > 0;
  return {{"file", fault.file},
          {"line", number_or_null(fault.at.line)},
          {"column", number_or_null(has_place ? fault.at.column : 0)},
          {"text", has_place ? json(fault.text) : json()},
          {"reason", fault.reason},
          {"severity", fault.severity == LintSeverity::Fault ? "fault" : "warning"}};
}

}  // namespace

std::vector<LintFault> lint_faults(const pipeline::FaultList& faults, const PipelineInput& input,
                                   LintSeverity severity) {
  std::vector<LintFault> list;
  for (const auto& fault : faults.in_order()) {
    const bool has_place = fault.at.line > 0;
    list.push_back({input.name, fault.at,
                    has_place ? console::source_line(input.text, fault.at.line) : "", fault.reason,
                    severity});
  }
  if (const std::string rest = faults.rest(); !rest.empty()) {
    list.push_back({input.name, {}, "", reason_in(rest, input.name), severity});
  }
  return list;
}

std::string encode(const std::vector<LintFault>& faults) {
  json list = json::array();
  for (const LintFault& fault : faults) list.push_back(object_of(fault));
  return list.dump(2, ' ', false, json::error_handler_t::replace);
}

}  // namespace ostler::cli
