// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>

#include "base/result.hpp"
#include "crypto/digest.hpp"
#include "store/blob_store.hpp"
#include "store/plugins.hpp"

namespace ostler::rest_api {

/// An archive with a plugin that somebody has sent: a blob without a name while it comes, then
/// looked at. Nothing of it is unpacked, run or mapped. Runs on: a thread that may block.
class ReceivedArchive {
 public:
  /// No published archive is larger.
  static constexpr std::uint64_t kLargest = 128u << 20;

  static Result<ReceivedArchive> begin(store::BlobStore& blobs);
  /// Errors: UserFault with native 413 beyond kLargest; Unavailable when the disk is full.
  Result<void> add(std::string_view bytes);
  /// What the archive says of its plugin: `name`, `version`, digests, signature, size.
  /// Errors: UserFault with the first thing that does not belong there, or every fault, a line
  /// each.
  Result<store::PublishedPlugin> examine();
  Result<void> keep(PluginId id) const { return blob_->finish(store::BlobName::of(id)); }

 private:
  explicit ReceivedArchive(std::unique_ptr<store::BlobUpload> blob) : blob_(std::move(blob)) {}

  std::unique_ptr<store::BlobUpload> blob_;
  std::uint64_t size_ = 0;
  crypto::Digest digest_{crypto::Algorithm::Sha256};
};

}  // namespace ostler::rest_api
