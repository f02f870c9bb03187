// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>

#include "base/result.hpp"
#include "base/unique_fd.hpp"
#include "files/should_stop.hpp"

// Directories that stay from use to use, as long as they are used now and then. Each has a name of
// its own below one root, which several processes may share.
namespace ostler::files {

/// One that is in use: it is not removed until this goes, or this process ends. Others may use it
/// at the same time.
class KeptDirectory {
 public:
  /// Makes it when it is missing. `owner`: whose it is, for people, in one line.
  /// Errors: of the file system; Denied when others than this user may enter `root`, or it is none
  /// of his; UserFault for a name of other characters than letters, digits and `-_.`.
  static Result<KeptDirectory> take(const std::filesystem::path& root, const std::string& name,
                                    const std::string& owner);

  /// Absolute, without symbolic links.
  const std::filesystem::path& path() const { return path_; }
  /// Notes that it was used until now, and the size of its files, which it returns: after a `stop`
  /// what was counted until then, and no less than was noted before.
  Result<std::uint64_t> note_use(const ShouldStop& stop = {});

 private:
  KeptDirectory(UniqueFd lock, std::filesystem::path path, std::string owner)
      : lock_(std::move(lock)), path_(std::move(path)), owner_(std::move(owner)) {}
  UniqueFd lock_;
  std::filesystem::path path_;
  std::string owner_;
};

struct KeptLimits {
  std::chrono::seconds unused = std::chrono::days(30);  ///< those that nobody has used as long go
  std::uint64_t bytes = std::uint64_t{10} << 30;  ///< what all may have together, and one the half
  /// Not sooner than this after it was last done to its end. A mark in `root` has the time of that.
  std::chrono::seconds every = std::chrono::seconds(0);

  std::uint64_t each() const { return bytes / 2; }
};

/// Removes those that nobody uses: what is beyond the limits, the ones first that nobody has used
/// longest; and what a killed process has left of such a removal. All else in `root` stays.
/// Does nothing while somebody else does it there. What is left at a `stop` goes the next time.
/// Errors: Denied when others than this user may enter `root`; those that cannot be removed, of
/// which only the first who fails tells: they are put aside as `.stuck-UUID-BYTES`, count, and are
/// tried again once all else is done.
Result<void> clear_kept(const std::filesystem::path& root, const KeptLimits& limits = {},
                        const ShouldStop& stop = {});

}  // namespace ostler::files
