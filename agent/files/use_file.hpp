// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <ctime>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

// The file by which a kept directory is known and held.
namespace ostler::files {

inline constexpr const char* kUseFile = "use";      ///< of the directory, beside its files
inline constexpr const char* kKeptFiles = "files";  ///< what its user has of it

/// Whether a kept directory may have this name.
bool is_kept_name(const std::string& name);

/// Of a directory that is there, as one finds it who may remove it. Locked for as long as somebody
/// uses the directory; its time is that of the last use, its content the size and the owner.
class UseFile {
 public:
  /// None when `name` in the directory `root` is no kept directory of this user: nothing is made,
  /// and no link is followed.
  static std::optional<UseFile> open(int root, std::string name);

  struct Use {
    timespec last = {};
    std::uint64_t size = 0;
  };
  /// What it says now. Errors: of the file system.
  Result<Use> use() const;

  /// Renames the directory to `gone` in the same root. False, and it stays: somebody uses it, has
  /// used it after `seen`, or it is not the one that was opened any more. Errors: of the file
  /// system.
  Result<bool> move_away(const Use& seen, const std::string& gone);

 private:
  bool lock_alone();
  UseFile(int root, std::string name, UniqueFd file)
      : root_(root), name_(std::move(name)), file_(std::move(file)) {}
  int root_;
  std::string name_;
  UniqueFd file_;
};

/// The size in the content of such a file.
std::uint64_t noted_size(int file);
/// Writes its content, and the time. Errors: of the file system.
Result<void> write_use(int file, std::uint64_t size, const std::string& owner);

}  // namespace ostler::files
