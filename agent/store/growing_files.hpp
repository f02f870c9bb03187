// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string_view>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace ostler::store {

/// Files that grow piece by piece and are made safe together. Keeps those open that were written
/// since the last `sync`, 256 at most. Used by one thread at a time.
class GrowingFiles {
 public:
  /// Errors: as `BlobStore::write_at`.
  Result<void> write_at(const std::filesystem::path& path, std::int64_t position,
                        std::string_view bytes);

  /// Makes safe what was written since the last call, new files' names among it; several files at
  /// once. A file that failed is let go of: what was written to it must be written again.
  /// Errors: the first one of any file, also of those that had to be closed before this call.
  Result<void> sync();

 private:
  struct File {
    UniqueFd fd;          ///< none: it failed, and its name may not be safe yet
    bool is_new = false;  ///< its name needs a sync too
  };
  using Files = std::map<std::filesystem::path, File>;

  static Result<void> make_safe(const Files::value_type& written);
  Result<int> open(const std::filesystem::path& path);
  Result<void> sync_written();
  Result<void> let_go(Files::iterator written, Result<void> outcome);

  Files written_;
  Result<void> early_outcome_ = success();  ///< of what was synced to make room for more
};

}  // namespace ostler::store
