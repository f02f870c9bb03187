// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/unique_fd.hpp"
#include "base/uuid.hpp"
#include "store/plugins.hpp"

namespace ostler::store {

/// What a blob holds: the gzipped chunks of a job's log, the bytes of an artifact, or the archive
/// of a plugin. The numbers are stored: append, never change.
enum class BlobKind : std::uint8_t { Log, Artifact, Plugin };

struct BlobName {
  BlobKind kind = BlobKind::Log;
  Uuid id;

  friend bool operator==(const BlobName&, const BlobName&) = default;
  static BlobName of(JobId job) { return {BlobKind::Log, job.uuid}; }
  static BlobName of(ArtifactId artifact) { return {BlobKind::Artifact, artifact.uuid}; }
  static BlobName of(PluginId plugin) { return {BlobKind::Plugin, plugin.uuid}; }
};

/// A blob that is being written. Nothing can be read of it before `finish` names it; one that is
/// dropped unfinished leaves nothing.
class BlobUpload {
 public:
  virtual ~BlobUpload() = default;
  /// Errors: Unavailable (retryable) when the disk is full.
  virtual Result<void> write(std::string_view bytes) = 0;
  /// The file that has its bytes until then, for reading.
  virtual const std::filesystem::path& path() const = 0;
  /// Puts the whole blob under `name`, for good; a blob that was there is replaced. Call once.
  virtual Result<void> finish(BlobName name) = 0;
};

/// A blob open for reading.
struct BlobFile {
  UniqueFd fd;
  std::int64_t size = 0;  ///< bytes
};

/// Large bytes that stay out of the database.
/// Thread-safe for different blobs. Runs on: a thread that may block.
class BlobStore {
 public:
  virtual ~BlobStore() = default;

  // Blobs that are written whole.

  virtual Result<std::unique_ptr<BlobUpload>> create() = 0;
  /// Errors: NotFound.
  virtual Result<BlobFile> open(BlobName name) const = 0;
  /// Removes a blob of either kind; one that is not there is fine.
  virtual Result<void> remove(BlobName name) = 0;
  /// All blobs of a kind, in no order.
  virtual Result<std::vector<BlobName>> list(BlobKind kind) const = 0;

  // Blobs that grow. One writer.

  /// Writes at `position`, making the blob when it is missing; not yet safe from a crash.
  /// Errors: Unavailable (retryable) when the disk is full.
  virtual Result<void> write_at(BlobName name, std::int64_t position, std::string_view bytes) = 0;
  /// Makes everything safe that was written by `write_at` since the last call.
  virtual Result<void> sync() = 0;
  /// Exactly `size` bytes from `position`. Errors: NotFound; Corrupt when there are fewer.
  virtual Result<std::string> read(BlobName name, std::int64_t position,
                                   std::int64_t size) const = 0;
  /// Cuts off what lies behind `size`; a missing or shorter blob stays as it is.
  virtual Result<void> truncate(BlobName name, std::int64_t size) = 0;
};

}  // namespace ostler::store
