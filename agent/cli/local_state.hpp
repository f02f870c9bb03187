// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace ostler::cli {

/// The values that a step plugin keeps for later runs, of runs outside any build: a file of this
/// person's takes the place of the hub. All pipelines are one there.
class LocalState {
 public:
  /// `directory`, made when something is set, holds the file and its lock.
  LocalState(std::filesystem::path directory, std::string plugin)
      : directory_(std::move(directory)), plugin_(std::move(plugin)) {}

  static bool is_call(std::string_view method);
  /// Answers "ostler.state/1/get" and so on, as a hub does; see agent/docs/box-protocol.md.
  /// Errors: those of the calls; Unavailable while another run changes a value.
  Result<std::string> answer(const std::string& method,
                             const std::vector<std::string>& arguments) const;

 private:
  std::filesystem::path directory_;
  std::string plugin_;
};

}  // namespace ostler::cli
