// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace ostler::report {

/// Which lines of which files were run. A line that is told of twice, by two classes of a file or
/// two runs of the tests, counts once, and is covered when one of them has covered it.
class LineCoverage {
 public:
  /// Those that follow are of this file. Errors: UserFault beyond 100,000 files.
  Result<void> begin_file(std::string_view name);
  /// Both as they are written; what is no number is left out. Requires: begin_file.
  void add_line(std::string_view line, std::string_view hits);
  bool has_file() const { return lines_ != nullptr; }

  /// `format`: what it was read from. Ends it.
  nlohmann::json summary(std::string_view format);

 private:
  /// Twice the number of a line, and one more when it was run.
  using Lines = std::vector<std::uint32_t>;

  std::map<std::string, Lines, std::less<>> files_;
  Lines* lines_ = nullptr;  ///< of the file that was begun last
};

}  // namespace ostler::report
