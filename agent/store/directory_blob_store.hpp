// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>

#include "base/result.hpp"
#include "store/blob_store.hpp"

namespace ostler::store {

/// Blobs as files: `logs/` and `artifacts/` below `directory`, spread over 256 folders each.
/// Unfinished uploads of an earlier process are removed.
Result<std::unique_ptr<BlobStore>> open_directory_blob_store(std::filesystem::path directory);

/// Where such a store with that directory keeps a blob; whoever writes there makes the folders.
std::filesystem::path blob_path(const std::filesystem::path& directory, BlobName name);

}  // namespace ostler::store
