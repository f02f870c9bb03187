// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "net/http_client.hpp"
#include "object_store/object_store.hpp"

namespace ostler::cache {

/// Where the bytes of cache entries are kept, each by its SHA-256.
class BlobPlace {
 public:
  virtual ~BlobPlace() = default;
  /// Keeps a file of that digest; whole or not at all. Errors: as object_store::ObjectStore.
  virtual Result<void> put(net::BlockingHttpClient& client,
                           const object_store::OutgoingFile& file) const = 0;
  /// Writes what is kept by that name to a file. Errors: NotFound and others.
  virtual Result<void> get(net::BlockingHttpClient& client, const std::string& name,
                           const std::filesystem::path& into) const = 0;
};

/// "file:///var/cache/ostler", or a store as artifacts have it: "s3://bucket/prefix".
/// Errors: UserFault for a place of no known kind.
Result<std::unique_ptr<BlobPlace>> open_blob_place(const std::string& url,
                                                   object_store::StoreOptions options);

}  // namespace ostler::cache
