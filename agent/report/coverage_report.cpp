// SPDX-License-Identifier: Apache-2.0
#include "report/coverage_report.hpp"

#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "report/line_coverage.hpp"
#include "report/shown_text.hpp"
#include "report/xml_reader.hpp"

namespace ostler::report {
namespace {

using nlohmann::json;

class CoberturaVisitor final : public XmlVisitor {
 public:
  explicit CoberturaVisitor(LineCoverage& coverage) : coverage_(coverage) {}

  Result<void> begin(std::string_view name, const XmlAttributes& attributes) override {
    if (std::exchange(is_first_, false) && name != "coverage") {
      return Error(Errc::UserFault, "it begins with <" + shown_text(name, kLongestShownName) +
                                        ">, and a Cobertura report with <coverage>");
    }
    is_in_class_ = is_in_class_ || name == "class";
    if (name == "class") return coverage_.begin_file(attributes["filename"]);
    if (name == "line" && is_in_class_) {
      coverage_.add_line(attributes["number"], attributes["hits"]);
    }
    return success();
  }
  void end(std::string_view name) override {
    if (name == "class") is_in_class_ = false;
  }

 private:
  LineCoverage& coverage_;
  bool is_first_ = true;
  bool is_in_class_ = false;
};

/// "DA:LINE,HITS" or "DA:LINE,HITS,CHECKSUM".
void add_lcov_line(std::string_view data, LineCoverage& coverage) {
  const std::size_t comma = data.find(',');
  if (comma == data.npos) return;
  const std::string_view hits = data.substr(comma + 1);
  coverage.add_line(data.substr(0, comma), hits.substr(0, hits.find(',')));
}

Error no_lcov(std::size_t line, const std::string& what) {
  return {Errc::UserFault, "line " + std::to_string(line) + ": " + what};
}

Result<void> read_lcov(std::string_view text, LineCoverage& coverage) {
  bool is_in_file = false;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.starts_with("SF:")) {
      OSTLER_TRY(coverage.begin_file(line.substr(3)));
      is_in_file = true;
    } else if (line.starts_with("end_of_record")) {
      is_in_file = false;
    } else if (line.starts_with("DA:")) {
      if (!is_in_file) return no_lcov(number, "a line (DA:) of no file (SF:)");
      add_lcov_line(line.substr(3), coverage);
    }
  }
  if (is_in_file) return Error(Errc::UserFault, "its last file has no end_of_record");
  if (coverage.has_file()) return success();
  return Error(Errc::UserFault, "it is neither Cobertura's XML nor has it a file (SF:) as lcov's");
}

}  // namespace

Result<json> summarize_coverage(std::string_view text) {
  LineCoverage coverage;
  const std::size_t begin = text.find_first_not_of("\xEF\xBB\xBF \t\r\n");
  if (begin == text.npos || text[begin] != '<') {
    OSTLER_TRY(read_lcov(text, coverage));
    return coverage.summary("lcov");
  }
  CoberturaVisitor visitor(coverage);
  OSTLER_TRY(read_xml(text, visitor));
  return coverage.summary("cobertura");
}

}  // namespace ostler::report
