// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "base/result.hpp"

namespace ostler::daemon {

/// Where a job's sockets lie. The names are short and follow from the job alone, so that the next
/// agent finds them.
class RuntimeDirectory {
 public:
  /// Makes the directory: `wanted` if it is not empty, else `run` in the state directory if socket
  /// names fit there, else one of this user's below XDG_RUNTIME_DIR or /tmp.
  /// Errors: UserFault when `wanted` is too long for socket names; those of making it.
  static Result<RuntimeDirectory> open(const std::filesystem::path& state,
                                       const std::filesystem::path& wanted);

  /// Of the agent itself.
  const std::filesystem::path& control_socket() const { return control_socket_; }
  std::filesystem::path keeper_socket(const std::string& job) const;
  std::filesystem::path service_socket(const std::string& service) const;
  std::filesystem::path job_socket(const std::string& job) const;
  const std::filesystem::path& path() const { return path_; }

 private:
  RuntimeDirectory(std::filesystem::path path, std::filesystem::path control_socket)
      : path_(std::move(path)), control_socket_(std::move(control_socket)) {}
  std::filesystem::path path_;
  std::filesystem::path control_socket_;
};

}  // namespace ostler::daemon
