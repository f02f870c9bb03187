// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <list>
#include <string_view>
#include <unordered_map>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace ostler::store {

/// Files that grow piece by piece and are made safe together. Keeps the most recently used ones
/// open. Used by one thread at a time.
class GrowingFiles {
 public:
  /// Errors: as `BlobStore::write_at`.
  Result<void> write_at(const std::filesystem::path& path, std::int64_t position,
                        std::string_view bytes);

  /// Makes safe what was written since the last call, new files' names among it.
  Result<void> sync();

 private:
  struct File {
    std::filesystem::path path;
    UniqueFd fd;
    bool is_dirty = false;
    bool is_new = false;
  };
  using Files = std::list<File>;

  Result<File*> open(const std::filesystem::path& path);
  void close_oldest_clean();
  static Result<void> sync_file(File& file);

  Files files_;  // most recently used first
  std::unordered_map<std::string, Files::iterator> by_path_;
};

}  // namespace ostler::store
