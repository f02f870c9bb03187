// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

struct archive;

namespace ostler::plugin_host {

/// The files of a tar archive, compressed or not, one after the other. They lie at its top or in
/// one directory, are at most 64 with it, and have at most 512 MiB.
class ArchiveFiles {
 public:
  /// Errors: UserFault when it is no archive.
  static Result<ArchiveFiles> open(const std::filesystem::path& path);

  /// The name of the next file; none after the last.
  /// Errors: UserFault when the archive is damaged or has something else.
  Result<std::optional<std::string>> next();
  /// Hands on the bytes of the file that `next` has named, piece by piece.
  Result<void> read(const std::function<Result<void>(std::string_view)>& take);
  /// The directory they lie in, as far as `next` has come; empty: none.
  const std::string& directory() const { return directory_; }

 private:
  struct Close {
    void operator()(archive* from) const;
  };
  using Handle = std::unique_ptr<archive, Close>;

  ArchiveFiles(std::filesystem::path path, Handle from)
      : path_(std::move(path)), from_(std::move(from)) {}

  std::filesystem::path path_;
  Handle from_;
  std::string directory_;
  std::string name_;  ///< of the current file
  std::uint64_t unpacked_ = 0;
  int count_ = 0;
};

}  // namespace ostler::plugin_host
