// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "wire/agent_api_caches.hpp"

// Caches of the Agent API as one who asks sees them. Source: reference/agent-api.md 2.19.
namespace ostler::wire {

/// The bytes of an entry, wherever they are kept.
struct CacheBlob {
  std::string sha256;  ///< lower-case hex; by which they are found
  std::int64_t size = 0;
  std::string compression;  ///< "zip" or "zstd"
};
struct RetrievedCache : CacheAddress {
  CacheBlob blob;
  bool is_fall_back = false;
};

/// Of peek, retrieve and expire.
std::string encode(const CacheAddress& address);
std::string encode_cache_store(const CacheAddress& address, const CacheBlob& blob,
                               std::string_view platform);
/// Errors: Protocol.
Result<std::string> decode_cache_upload_id(std::string_view json);
std::string encode_cache_commit(std::string_view upload_id);
/// Errors: Protocol, also for an entry without bytes.
Result<RetrievedCache> decode_retrieved_cache(std::string_view json);

}  // namespace ostler::wire
