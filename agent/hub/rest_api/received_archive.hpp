// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "base/result.hpp"
#include "base/unique_fd.hpp"
#include "crypto/digest.hpp"
#include "plugin_host/scratch_directory.hpp"
#include "store/blob_store.hpp"
#include "store/plugins.hpp"

namespace ostler::rest_api {

/// An archive with a plugin that somebody has sent: written to the disk while it comes, then looked
/// at. Nothing of the plugin is run or mapped. Runs on: a thread that may block.
class ReceivedArchive {
 public:
  /// No published archive is larger.
  static constexpr std::uint64_t kLargest = 128u << 20;

  static Result<ReceivedArchive> begin();
  /// Errors: UserFault with native 413 beyond kLargest; Unavailable when the disk is full.
  Result<void> add(std::string_view bytes);
  /// What the archive says of its plugin: `name`, `version`, digests, signature, size.
  /// Errors: UserFault with every fault, a line each.
  Result<store::PublishedPlugin> examine();
  Result<void> keep(store::BlobStore& blobs, store::BlobName name) const;

 private:
  ReceivedArchive(plugin_host::ScratchDirectory scratch, UniqueFd file)
      : scratch_(std::move(scratch)), file_(std::move(file)) {}
  std::filesystem::path path() const;

  plugin_host::ScratchDirectory scratch_;
  UniqueFd file_;
  std::uint64_t size_ = 0;
  crypto::Digest digest_{crypto::Algorithm::Sha256};
};

}  // namespace ostler::rest_api
