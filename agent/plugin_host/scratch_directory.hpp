// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>

#include "base/result.hpp"

namespace ostler::plugin_host {

/// A directory for one run of a plugin, removed with everything in it when this goes; who can say
/// that it stayed removes it before.
class ScratchDirectory {
 public:
  /// A new one in `parent`; in /tmp when that is empty.
  static Result<ScratchDirectory> make(const std::string& parent);
  ScratchDirectory(ScratchDirectory&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  ScratchDirectory& operator=(ScratchDirectory&&) = delete;
  ~ScratchDirectory();
  /// Once. Errors: something of it cannot be removed and stays, with its path.
  Result<void> remove();
  /// Absolute, without symbolic links; empty when it was removed.
  const std::string& path() const { return path_; }

 private:
  explicit ScratchDirectory(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

}  // namespace ostler::plugin_host
