// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "model/cache_key.hpp"

// Caches of the Agent API. Source: reference/agent-api.md 2.19.
namespace ostler::wire {

/// Which entry is meant: peek, retrieve and expire.
struct CacheAddress {
  std::vector<std::string> target_paths;
  model::CacheKey key;
};
/// An entry whose bytes are about to be put where agents keep them.
struct CacheStoreRequest : CacheAddress {
  std::string blobs;     ///< a JSON array
  std::string platform;  ///< "linux/amd64"
};
/// An entry as it is answered.
struct CacheAnswer : CacheAddress {
  std::string blobs;
};

/// Errors of the three: Protocol, naming the field.
Result<CacheAddress> decode_cache_address(std::string_view json);
Result<CacheStoreRequest> decode_cache_store(std::string_view json);
/// The id of the upload.
Result<std::string> decode_cache_commit(std::string_view json);

std::string encode_cache_registry(const std::string& uuid);
std::string encode_cache_upload(const std::string& upload_id);
std::string encode_cache_committed();
std::string encode_cache_peek(const CacheAnswer& answer);
std::string encode_cache_retrieve(const CacheAnswer& answer, Timestamp expires_at,
                                  bool is_fall_back);

}  // namespace ostler::wire
