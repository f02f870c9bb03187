// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

// What changes a store does so under names that no search finds, and renames. Who is killed in the
// middle leaves such a directory behind; it goes when the next one changes the store.
namespace ostler::plugin_host {

inline constexpr const char* kNewName = ".new-";
inline constexpr const char* kGoneName = ".gone-";

/// Held while a store is changed, by any number of programs at once.
class StoreChange {
 public:
  /// Removes what others have left in the store, when no other one changes it now.
  /// Errors: there is no store; Timeout when another one does not end removing such.
  static Result<StoreChange> begin(const std::filesystem::path& store);

 private:
  explicit StoreChange(UniqueFd lock) : lock_(std::move(lock)) {}
  UniqueFd lock_;
};

/// A new directory of a name with that beginning. Its owner alone may enter it.
Result<std::filesystem::path> make_unseen(const std::filesystem::path& parent, const char* name);

/// A directory of a store is read-only; its owner opens it to remove what is in it.
Result<void> remove_installed(const std::filesystem::path& directory);

}  // namespace ostler::plugin_host
