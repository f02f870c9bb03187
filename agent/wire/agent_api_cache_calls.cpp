// SPDX-License-Identifier: Apache-2.0
#include "wire/agent_api_cache_calls.hpp"

#include <nlohmann/json.hpp>

#include "wire/json_reader.hpp"

namespace ostler::wire {
namespace {

using nlohmann::json;

json address_object(const CacheAddress& address) {
  json key = json::array();
  for (const model::CacheKeyPart& part : address.key) {
    key.push_back({{"value", part.value}, {"mandatory", part.is_mandatory}});
  }
  return {{"target_paths", address.target_paths}, {"cache_key", std::move(key)}};
}

void read_kept_key(ObjectReader& reader, model::CacheKey& key) {
  const json* parts = reader.array("cache_key");
  if (parts == nullptr) return;
  for (const json& part : *parts) {
    ObjectReader fields(part, "part of the cache key");
    model::CacheKeyPart read;
    fields.read("value", read.value);
    fields.read("mandatory", read.is_mandatory);
    reader.require(fields.finish().has_value(), "cache_key", "parts with a value");
    key.push_back(std::move(read));
  }
}

CacheBlob first_blob(ObjectReader& reader) {
  CacheBlob blob;
  const json* blobs = reader.array("blobs");
  const bool has_one = blobs != nullptr && !blobs->empty();
  reader.require(has_one, "blobs", "at least one");
  if (!has_one) return blob;
  ObjectReader fields(blobs->front(), "blob");
  fields.read("file_size", blob.size);
  fields.read("compression", blob.compression);
  if (const json* digest = fields.object("digest")) {
    ObjectReader of_digest(*digest, "digest");
    of_digest.read("value", blob.sha256);
    fields.require(of_digest.finish().has_value(), "digest", "a value");
  }
  const bool is_sha256 = blob.sha256.size() == 64 &&
                         blob.sha256.find_first_not_of("0123456789abcdef") == blob.sha256.npos;
  reader.require(fields.finish().has_value() && is_sha256, "blobs", "one with its SHA-256");
  return blob;
}

}  // namespace

std::string encode(const CacheAddress& address) { return to_text(address_object(address)); }

std::string encode_cache_store(const CacheAddress& address, const CacheBlob& blob,
                               std::string_view platform) {
  json object = address_object(address);
  object["platform"] = platform;
  object["blobs"] = json::array({{{"digest", {{"algorithm", "sha256"}, {"value", blob.sha256}}},
                                  {"file_size", blob.size},
                                  {"compression", blob.compression}}});
  return to_text(object);
}

Result<std::string> decode_cache_upload_id(std::string_view text) {
  OSTLER_TRY(const auto object, parse_json(text, "cache upload"));
  ObjectReader reader(object, "cache upload");
  std::string id;
  reader.read("upload_id", id);
  reader.require(!id.empty(), "upload_id", "an id");
  OSTLER_TRY(reader.finish());
  return id;
}

std::string encode_cache_commit(std::string_view upload_id) {
  return to_text({{"upload_id", upload_id}});
}

Result<RetrievedCache> decode_retrieved_cache(std::string_view text) {
  OSTLER_TRY(const auto object, parse_json(text, "cache entry"));
  ObjectReader reader(object, "cache entry");
  RetrievedCache found;
  reader.read("target_paths", found.target_paths);
  read_kept_key(reader, found.key);
  reader.read("fallback", found.is_fall_back);
  found.blob = first_blob(reader);
  OSTLER_TRY(reader.finish());
  return found;
}

}  // namespace ostler::wire
