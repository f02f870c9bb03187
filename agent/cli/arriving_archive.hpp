// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/unique_fd.hpp"
#include "crypto/digest.hpp"
#include "net/http_message.hpp"

namespace ostler::cli {

/// The archive of a plugin on its way to the disk.
class ArrivingArchive {
 public:
  /// An empty file, which may have been there.
  static Result<ArrivingArchive> at(const std::filesystem::path& path);

  /// A piece of an answer. Errors: UserFault once the answer says, or is, more than 512 MiB, beyond
  /// which no archive is unpacked.
  Result<void> add(const net::HttpResponse& head, std::string_view piece);

  std::uint64_t size() const { return size_; }  ///< bytes
  /// SHA-256 of what came. Call it once, at the end.
  std::string finish_hex() { return digest_.finish_hex(); }

 private:
  explicit ArrivingArchive(UniqueFd file) : file_(std::move(file)) {}
  UniqueFd file_;
  std::uint64_t size_ = 0;
  crypto::Digest digest_{crypto::Algorithm::Sha256};
};

}  // namespace ostler::cli
