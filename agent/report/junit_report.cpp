// SPDX-License-Identifier: Apache-2.0
#include "report/junit_report.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "report/shown_text.hpp"
#include "report/xml_reader.hpp"
#include "wire/json_reader.hpp"

namespace ostler::report {
namespace {

using nlohmann::json;

constexpr std::size_t kFailuresShown = 50;
constexpr std::size_t kFailureTextRead = 4096;  // bytes; the message is its first line
constexpr double kLongestCase = 1e9;            // seconds

/// "1.5", and "1,234.5" as some write it; 0 for anything else.
double seconds_of(std::string_view text) {
  std::string digits(text);
  std::erase(digits, ',');
  double seconds = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), seconds);
  return std::isfinite(seconds) && seconds > 0 ? std::min(seconds, kLongestCase) : 0;
}

/// 0 for what is no number as a whole: a part of a text may be one of a secret.
std::int64_t line_of(std::string_view text) {
  std::int64_t line = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), line);
  return read.ec == std::errc() && read.ptr == text.data() + text.size() ? line : 0;
}

std::string_view without_blanks_before(std::string_view text) {
  return text.substr(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
}

struct TestCase {
  std::string outcome = {};  ///< "failure", "error" or "skipped"; empty: it passed
  std::string name = {};
  std::string of_class = {};
  std::string file = {};
  std::int64_t line = 0;
  std::string message = {};
  std::string type = {};
  std::string text = {};
};

class JunitVisitor final : public XmlVisitor {
 public:
  Result<void> begin(std::string_view name, const XmlAttributes& attributes) override {
    if (std::exchange(is_first_, false) && name != "testsuites" && name != "testsuite") {
      return Error(Errc::UserFault, "it begins with <" + shown_text(name, kLongestShownName) +
                                        ">, and a JUnit report with <testsuites> or <testsuite>");
    }
    if (name == "testsuite") {
      suites_.push_back(shown_text(attributes["name"], kLongestShownName));
    }
    if (name == "testcase") begin_case(attributes);
    const bool is_outcome = name == "failure" || name == "error" || name == "skipped";
    // Of several, as when taking down fails too, the first says why; a skip excuses no failure.
    const bool is_news = case_.outcome.empty() || (case_.outcome == "skipped" && name != "skipped");
    if (is_in_case_ && is_outcome && is_news) begin_outcome(name, attributes);
    return success();
  }
  void text(std::string_view part) override {
    if (!is_in_outcome_ || case_.text.size() >= kFailureTextRead) return;
    // Blanks before the first line count as nothing: a long run of them would cut it unseen.
    if (case_.text.empty()) part = without_blanks_before(part);
    case_.text += part.substr(0, kFailureTextRead - case_.text.size());
  }
  void end(std::string_view name) override {
    if (name == "testsuite") suites_.pop_back();
    if (name == "testcase") end_case();
    if (name == case_.outcome) is_in_outcome_ = false;
  }

  json summary() && {
    return {{"tests", tests_},
            {"failures", failures_},
            {"errors", errors_},
            {"skipped", skipped_},
            {"duration_ms", std::llround(std::min(seconds_, kLongestCase) * 1000)},
            {"failed", std::move(failed_).take()}};
  }

 private:
  void begin_case(const XmlAttributes& attributes) {
    case_ = {.name = shown_text(attributes["name"], kLongestShownName),
             .of_class = shown_text(attributes["classname"], kLongestShownName),
             .file = shown_text(attributes["file"], kLongestShownName),
             .line = line_of(attributes["line"])};
    seconds_ += seconds_of(attributes["time"]);
    is_in_case_ = true;
  }
  void begin_outcome(std::string_view name, const XmlAttributes& attributes) {
    case_.outcome = name;
    case_.message = shown_text(attributes["message"], kLongestShownMessage);
    case_.type = shown_text(attributes["type"], kLongestShownMessage);
    case_.text.clear();
    is_in_outcome_ = true;
  }
  void end_case() {
    is_in_case_ = is_in_outcome_ = false;
    ++tests_;
    failures_ += case_.outcome == "failure";
    errors_ += case_.outcome == "error";
    skipped_ += case_.outcome == "skipped";
    const bool is_failed = case_.outcome == "failure" || case_.outcome == "error";
    if (is_failed && !failed_.is_full()) failed_.add(describe_case());
    case_ = {};
  }
  json describe_case() const {
    json item = {{"name", case_.name}, {"outcome", case_.outcome}};
    if (!suites_.empty()) wire::put_unless_empty(item, "suite", suites_.back());
    wire::put_unless_empty(item, "class", case_.of_class);
    wire::put_unless_empty(item, "file", case_.file);
    if (case_.line > 0) item["line"] = case_.line;
    std::string message = case_.message;
    if (message.empty()) message = shown_text(case_.text, kLongestShownMessage);
    if (message.empty()) message = case_.type;
    wire::put_unless_empty(item, "message", message);
    return item;
  }

  bool is_first_ = true;
  bool is_in_case_ = false;
  bool is_in_outcome_ = false;
  std::vector<std::string> suites_;
  TestCase case_;
  std::int64_t tests_ = 0;
  std::int64_t failures_ = 0;
  std::int64_t errors_ = 0;
  std::int64_t skipped_ = 0;
  double seconds_ = 0;
  BoundedList failed_{kFailuresShown};
};

}  // namespace

Result<json> summarize_junit(std::string_view text) {
  JunitVisitor visitor;
  OSTLER_TRY(read_xml(text, visitor));
  return std::move(visitor).summary();
}

}  // namespace ostler::report
