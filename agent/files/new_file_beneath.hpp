// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace ostler::files {

/// A file on its way to a place beneath an open directory, where somebody else may put symbolic
/// links at any moment: none is followed, however late it comes. Until keep() it has no name, so
/// that nothing is left of it even when this process is killed; where the file system has no such
/// files, a name of its own beside that place, which goes when this does.
class NewFileBeneath {
 public:
  /// Makes it, and the directories that are missing on the way to `relative`.
  /// Errors: Denied when `relative` would leave the directory, or leads through a symbolic link;
  /// others from the file system.
  static Result<NewFileBeneath> make(int directory, std::string_view relative);
  NewFileBeneath(NewFileBeneath&& other) noexcept = default;
  NewFileBeneath& operator=(NewFileBeneath&&) = delete;
  ~NewFileBeneath();

  /// By which it can be opened; stays true whatever becomes of its name.
  std::filesystem::path path() const;
  /// Puts it in its place, with that mode; what was there by that name is replaced.
  Result<void> keep(mode_t mode);

 private:
  NewFileBeneath(UniqueFd parent, UniqueFd file, std::string partial, std::string name);

  Result<void> give_name();

  UniqueFd parent_;
  UniqueFd file_;
  std::string partial_;  ///< empty: it has no name
  std::string name_;
};

}  // namespace ostler::files
