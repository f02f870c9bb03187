// SPDX-License-Identifier: Apache-2.0
#include "report/sarif_report.hpp"

#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "report/shown_text.hpp"
#include "wire/json_reader.hpp"

namespace ostler::report {
namespace {

using nlohmann::json;

constexpr std::size_t kResultsShown = 50;
constexpr std::string_view kLevels[] = {"error", "warning", "note", "none"};
const json kNothing;

/// A member, or null where there is none of that name.
const json& member(const json& value, const char* name) {
  if (!value.is_object()) return kNothing;
  const auto found = value.find(name);
  return found == value.end() ? kNothing : *found;
}

const json& first_item(const json& value) {
  return value.is_array() && !value.empty() ? value.front() : kNothing;
}

std::string sarif_text(const json& value, std::size_t longest) {
  return value.is_string() ? shown_text(value.get_ref<const std::string&>(), longest) : "";
}

/// The rules of one run, by the levels that their results have when they say none.
class Rules {
 public:
  explicit Rules(const json& run) : rules_(member(member(member(run, "tool"), "driver"), "rules")) {
    if (!rules_.is_array()) return;
    for (const json& rule : rules_) {
      levels_.try_emplace(id_of(rule), level_in(member(rule, "defaultConfiguration")));
    }
  }

  std::string id_of_result(const json& result) const {
    const std::string id = sarif_text(member(result, "ruleId"), kLongestShownName);
    if (!id.empty()) return id;
    const std::string named = id_of(member(result, "rule"));
    if (!named.empty()) return named;
    const json& index = member(result, "ruleIndex");
    if (!rules_.is_array() || !index.is_number_unsigned()) return {};
    if (index.get<std::uint64_t>() >= rules_.size()) return {};
    return id_of(rules_[index.get<std::size_t>()]);
  }
  /// Source: SARIF 2.1.0, 3.27.9 and 3.27.10.
  std::string level_of(const json& result) const {
    const json& kind = member(result, "kind");
    if (kind.is_string() && kind != "fail") return "none";
    std::string level = level_in(result);
    if (!level.empty()) return level;
    const auto found = levels_.find(id_of_result(result));
    return found == levels_.end() || found->second.empty() ? "warning" : found->second;
  }

 private:
  static std::string id_of(const json& rule) {
    return sarif_text(member(rule, "id"), kLongestShownName);
  }
  static std::string level_in(const json& value) {
    const json& level = member(value, "level");
    for (const std::string_view known : kLevels) {
      if (level == known) return std::string(known);
    }
    return {};
  }

  const json& rules_;
  std::map<std::string, std::string> levels_;
};

json describe_sarif_result(const Rules& rules, const json& result, std::string_view level) {
  const json& place = member(first_item(member(result, "locations")), "physicalLocation");
  const json& message = member(result, "message");
  json item = {{"level", level}};
  wire::put_unless_empty(item, "rule", rules.id_of_result(result));
  std::string text = sarif_text(member(message, "text"), kLongestShownMessage);
  if (text.empty()) text = sarif_text(member(message, "markdown"), kLongestShownMessage);
  wire::put_unless_empty(item, "message", text);
  wire::put_unless_empty(
      item, "file",
      sarif_text(member(member(place, "artifactLocation"), "uri"), kLongestShownName));
  const json& line = member(member(place, "region"), "startLine");
  if (line.is_number_unsigned()) item["line"] = line;
  return item;
}

bool is_suppressed(const json& result) {
  const json& suppressions = member(result, "suppressions");
  return suppressions.is_array() && !suppressions.empty();
}

class SarifSummary {
 public:
  /// Adds the results of `wanted` to what is shown, and counts them.
  void add(const Rules& rules, const json& result, std::string_view wanted) {
    if (rules.level_of(result) != wanted) return;
    if (is_suppressed(result)) {
      ++suppressed_;
      return;
    }
    ++counts_[std::string(wanted)];
    if (!shown_.is_full()) shown_.add(describe_sarif_result(rules, result, wanted));
  }
  json take() && {
    json levels = json::object();
    for (const std::string_view level : kLevels) {
      levels[std::string(level)] = counts_[std::string(level)];
    }
    return {{"levels", std::move(levels)},
            {"suppressed", suppressed_},
            {"results", std::move(shown_).take()}};
  }

 private:
  std::map<std::string, std::int64_t> counts_;
  std::int64_t suppressed_ = 0;
  BoundedList shown_{kResultsShown};
};

}  // namespace

Result<json> summarize_sarif(std::string_view text) {
  auto report = wire::parse_json(text, "it");
  if (!report) return Error(Errc::UserFault, report.error().message());
  const json& runs = member(report.value(), "runs");
  if (!runs.is_array()) {
    return Error(Errc::UserFault, "it has no list \"runs\" and is no SARIF");
  }
  SarifSummary summary;
  for (const std::string_view level : kLevels) {
    for (const json& run : runs) {
      const Rules rules(run);
      const json& results = member(run, "results");
      if (!results.is_array()) continue;
      for (const json& result : results) summary.add(rules, result, level);
    }
  }
  return std::move(summary).take();
}

}  // namespace ostler::report
