// SPDX-License-Identifier: Apache-2.0
#include "report/line_coverage.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "report/shown_text.hpp"

namespace ostler::report {
namespace {

using nlohmann::json;

constexpr std::size_t kMostCoverageFiles = 100'000;
constexpr std::size_t kLowestFilesShown = 20;
constexpr std::uint32_t kLastLine = 1u << 30;

struct FileCoverage {
  std::string_view name;
  std::int64_t valid = 0;
  std::int64_t covered = 0;
};

FileCoverage count_lines(std::string_view name, std::vector<std::uint32_t>& lines) {
  std::ranges::sort(lines);
  FileCoverage file{.name = name};
  for (std::size_t at = 0; at < lines.size(); ++at) {
    // Of one line the last is the one that was run, if one was.
    if (at + 1 < lines.size() && lines[at] / 2 == lines[at + 1] / 2) continue;
    ++file.valid;
    file.covered += lines[at] % 2;
  }
  return file;
}

/// A smaller part of it was run; of equals the one with more lines that were not.
bool is_lower(const FileCoverage& one, const FileCoverage& other) {
  const std::int64_t left = one.covered * other.valid;
  const std::int64_t right = other.covered * one.valid;
  if (left != right) return left < right;
  return one.valid - one.covered > other.valid - other.covered;
}

json lowest_of(std::vector<FileCoverage>& files) {
  std::erase_if(files, [](const FileCoverage& file) { return file.covered == file.valid; });
  const std::size_t shown = std::min(files.size(), kLowestFilesShown);
  std::ranges::partial_sort(files, files.begin() + static_cast<std::ptrdiff_t>(shown), is_lower);
  BoundedList lowest(kLowestFilesShown);
  for (std::size_t at = 0; at < shown; ++at) {
    lowest.add({{"file", shown_text(files[at].name, kLongestShownName)},
                {"lines_valid", files[at].valid},
                {"lines_covered", files[at].covered}});
  }
  return std::move(lowest).take();
}

template <class Number>
bool read_number(std::string_view text, Number& number) {
  return std::from_chars(text.data(), text.data() + text.size(), number).ec == std::errc();
}

}  // namespace

Result<void> LineCoverage::begin_file(std::string_view name) {
  auto found = files_.find(name);
  if (found == files_.end()) {
    if (files_.size() == kMostCoverageFiles) {
      return Error(Errc::UserFault, "it has more than 100,000 files");
    }
    found = files_.emplace(name, Lines()).first;
  }
  lines_ = &found->second;
  return success();
}

void LineCoverage::add_line(std::string_view line, std::string_view hits) {
  std::uint32_t number = 0;
  if (!read_number(line, number) || number == 0 || number > kLastLine) return;
  // A count may be too large for any number of ours, and is then one of many runs.
  const bool is_run = hits.find_first_of("123456789") != hits.npos && !hits.starts_with('-');
  lines_->push_back(2 * number + (is_run ? 1 : 0));
}

json LineCoverage::summary(std::string_view format) {
  std::int64_t valid = 0;
  std::int64_t covered = 0;
  std::vector<FileCoverage> counted;
  for (auto& [name, lines] : files_) {
    counted.push_back(count_lines(name, lines));
    valid += counted.back().valid;
    covered += counted.back().covered;
  }
  return {{"format", format},
          {"files", counted.size()},
          {"lines_valid", valid},
          {"lines_covered", covered},
          {"lowest", lowest_of(counted)}};
}

}  // namespace ostler::report
