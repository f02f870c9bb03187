// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace ostler::cli {

/// Tells when a file of a source tree changes (inotify). Names that begin with a dot or end with
/// "~", and one directory where a build writes, do not count.
class SourceWatch {
 public:
  /// Errors: those of inotify; the system's limit of watches is named.
  static Result<SourceWatch> begin(const std::filesystem::path& root,
                                   const std::filesystem::path& build);

  /// Readable when something has happened.
  int fd() const { return fd_.get(); }
  /// Takes what has happened; whether a file that counts has changed.
  Result<bool> take();

 private:
  SourceWatch(UniqueFd fd, std::filesystem::path root, std::filesystem::path build);
  Result<void> add(const std::filesystem::path& directory);
  bool counts(const std::filesystem::path& path) const;

  UniqueFd fd_;
  std::filesystem::path root_;
  std::filesystem::path build_;
  std::map<int, std::filesystem::path> watched_;  ///< by the kernel's numbers
};

}  // namespace ostler::cli
