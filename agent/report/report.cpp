// SPDX-License-Identifier: Apache-2.0
#include "report/report.hpp"

#include <nlohmann/json.hpp>

#include "report/coverage_report.hpp"
#include "report/junit_report.hpp"
#include "report/sarif_report.hpp"
#include "wire/json_reader.hpp"

namespace ostler::report {
namespace {

using nlohmann::json;

Result<json> summary_of(std::string_view kind, std::string_view text) {
  if (kind == "junit") return summarize_junit(text);
  if (kind == "coverage") return summarize_coverage(text);
  if (kind == "sarif") return summarize_sarif(text);
  return Error(Errc::UserFault, "no kind of report: " + std::string(kind));
}

}  // namespace

Result<std::string> summarize(std::string_view kind, std::string_view text) {
  const std::size_t longest = kind == "sarif" ? kLongestSarif : kLongestReport;
  if (text.size() > longest) {
    return Error(Errc::UserFault, "it is longer than " + std::to_string(longest >> 20) + " MiB");
  }
  OSTLER_TRY(const json summary, summary_of(kind, text));
  return wire::to_text(summary);
}

}  // namespace ostler::report
