// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "base/result.hpp"
#include "crypto/digest.hpp"
#include "net/http_message.hpp"

namespace ostler::object_store {

/// One piece of a file.
struct FilePart {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
};

/// A file in as few parts of `part_size` as it takes; of larger ones when that were over
/// `most_parts`. Requires: size > 0.
std::vector<FilePart> split_evenly(std::uint64_t size, std::uint64_t part_size,
                                   std::uint64_t most_parts);

/// The digest of a part, to be finished. Errors: Conflict when the file became shorter; others of
/// the file system.
Result<crypto::Digest> digest_part(const net::FileBody& part, crypto::Algorithm algorithm);

}  // namespace ostler::object_store
