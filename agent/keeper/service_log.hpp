// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace ostler::keeper {

/// What a service prints: the file `log`, which becomes `log.1` when it is long. A full disk costs
/// what is printed then.
class ServiceLog {
 public:
  static constexpr std::size_t kLongestFile = 4u << 20;

  static Result<ServiceLog> open(const std::filesystem::path& directory);
  void add(std::string_view bytes);
  /// A line of the keeper's own.
  void say(Timestamp now, std::string_view line);

 private:
  explicit ServiceLog(std::filesystem::path path) : path_(std::move(path)) {}
  Result<void> begin_file();

  std::filesystem::path path_;
  UniqueFd file_;
  std::size_t size_ = 0;
  bool ends_line_ = true;
};

}  // namespace ostler::keeper
