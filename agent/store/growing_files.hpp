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

  /// Makes safe what was written since the last call, new files' names among it.
  Result<void> sync();

 private:
  struct File {
    UniqueFd fd;
    bool is_new = false;
  };

  Result<int> open(const std::filesystem::path& path);

  std::map<std::filesystem::path, File> written_;
};

}  // namespace ostler::store
