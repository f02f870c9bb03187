// SPDX-License-Identifier: Apache-2.0
#include "wire/agent_api_caches.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "wire/json_reader.hpp"

namespace ostler::wire {
namespace {

using nlohmann::json;

constexpr std::size_t kMostPaths = 64;
constexpr std::size_t kLongestPath = 1'024;
constexpr std::size_t kMostParts = 32;
constexpr std::size_t kLongestPart = 512;
constexpr std::size_t kMostBlobs = 16;
/// The bytes never pass through the hub: the agent keeps them where it was told to.
constexpr const char* kStore = "agent_managed";

bool is_text(const std::string& text, std::size_t longest) {
  return !text.empty() && text.size() <= longest;
}

void read_key(ObjectReader& reader, model::CacheKey& key) {
  const json* parts = reader.array("cache_key");
  const bool is_sized = parts != nullptr && !parts->empty() && parts->size() <= kMostParts;
  reader.require(is_sized, "cache_key", "1 to 32 parts");
  if (!is_sized) return;
  for (const json& part : *parts) {
    ObjectReader fields(part, "part of the cache key");
    model::CacheKeyPart read;
    fields.read("value", read.value);
    fields.read("mandatory", read.is_mandatory);
    const bool is_good = fields.finish().has_value() && is_text(read.value, kLongestPart);
    reader.require(is_good, "cache_key", "parts with a value of 1 to 512 bytes");
    key.push_back(std::move(read));
  }
}

void read_address(ObjectReader& reader, CacheAddress& address) {
  reader.read("target_paths", address.target_paths);
  const bool is_sized = !address.target_paths.empty() && address.target_paths.size() <= kMostPaths;
  const bool is_good = is_sized && std::ranges::all_of(address.target_paths, [](const auto& path) {
                         return is_text(path, kLongestPath);
                       });
  reader.require(is_good, "target_paths", "1 to 64 paths of 1 to 1024 bytes");
  read_key(reader, address.key);
}

bool is_sha256(const std::string& text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == text.npos;
}

bool is_blob(const json& blob) {
  ObjectReader fields(blob, "blob");
  std::int64_t size = -1;
  std::string compression;
  fields.read("file_size", size);
  fields.read("compression", compression);
  std::string algorithm;
  std::string value;
  if (const json* digest = fields.object("digest")) {
    ObjectReader of_digest(*digest, "digest");
    of_digest.read("algorithm", algorithm);
    of_digest.read("value", value);
    if (!of_digest.finish()) return false;
  }
  return fields.finish().has_value() && size >= 0 && algorithm == "sha256" && is_sha256(value) &&
         (compression == "zip" || compression == "zstd");
}

/// As they are kept and answered, without what we do not know.
json plain_blob(const json& blob) {
  return {{"digest", {{"algorithm", "sha256"}, {"value", blob.at("digest").at("value")}}},
          {"file_size", blob.at("file_size")},
          {"compression", blob.at("compression")}};
}

json object_of(const CacheAnswer& answer) {
  json key = json::array();
  for (const model::CacheKeyPart& part : answer.key) {
    key.push_back({{"value", part.value}, {"mandatory", part.is_mandatory}});
  }
  return {{"target_paths", answer.target_paths},
          {"cache_key", std::move(key)},
          {"blobs", json::parse(answer.blobs)},
          {"store", kStore}};
}

}  // namespace

Result<CacheAddress> decode_cache_address(std::string_view text) {
  OSTLER_TRY(const auto object, parse_json(text, "cache request"));
  ObjectReader reader(object, "cache request");
  CacheAddress address;
  read_address(reader, address);
  OSTLER_TRY(reader.finish());
  return address;
}

Result<CacheStoreRequest> decode_cache_store(std::string_view text) {
  OSTLER_TRY(const auto object, parse_json(text, "cache request"));
  ObjectReader reader(object, "cache request");
  CacheStoreRequest request;
  read_address(reader, request);
  reader.read("platform", request.platform);
  reader.require(request.platform.size() <= kLongestPart, "platform", "at most 512 bytes");
  const json* blobs = reader.array("blobs");
  const bool is_good = blobs != nullptr && !blobs->empty() && blobs->size() <= kMostBlobs &&
                       std::ranges::all_of(*blobs, is_blob);
  reader.require(is_good, "blobs",
                 "1 to 16 blobs with the SHA-256 in \"digest\", \"file_size\" and the "
                 "\"compression\" zip or zstd");
  OSTLER_TRY(reader.finish());
  json kept = json::array();
  for (const json& blob : *blobs) kept.push_back(plain_blob(blob));
  request.blobs = to_text(kept);
  return request;
}

Result<std::string> decode_cache_commit(std::string_view text) {
  OSTLER_TRY(const auto object, parse_json(text, "cache commit"));
  ObjectReader reader(object, "cache commit");
  std::string upload_id;
  reader.read("upload_id", upload_id);
  reader.require(!upload_id.empty(), "upload_id", "the id that store answered");
  OSTLER_TRY(reader.finish());
  return upload_id;
}

std::string encode_cache_registry(const std::string& uuid) {
  return to_text({{"uuid", uuid}, {"name", "Default"}, {"store", kStore}});
}

std::string encode_cache_upload(const std::string& upload_id) {
  return to_text({{"upload_id", upload_id},
                  {"multipart", false},
                  {"upload_instructions", json::array()},
                  {"message", "Commit the entry once its blobs are stored"}});
}

std::string encode_cache_committed() { return to_text({{"message", "Cache entry committed"}}); }

std::string encode_cache_peek(const CacheAnswer& answer) {
  json object = object_of(answer);
  object["message"] = "Cache entry found";
  return to_text(object);
}

std::string encode_cache_retrieve(const CacheAnswer& answer, Timestamp expires_at,
                                  bool is_fall_back) {
  json object = object_of(answer);
  object["expires_at"] = format_rfc3339(expires_at);
  object["fallback"] = is_fall_back;
  object["multipart"] = false;
  object["download_instructions"] = json::array();
  object["message"] = is_fall_back ? "Another cache entry stands in" : "Cache entry found";
  return to_text(object);
}

}  // namespace ostler::wire
