// SPDX-License-Identifier: Apache-2.0
#include "cache/cache.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <cerrno>

#include "agent_client/ask.hpp"
#include "agent_client/path.hpp"
#include "artifact/describe.hpp"
#include "base/size_text.hpp"
#include "base/unique_fd.hpp"
#include "base/uuid.hpp"
#include "cache/archive.hpp"
#include "cache/blob_place.hpp"
#include "wire/agent_api_cache_calls.hpp"

namespace ostler::cache {
namespace {

namespace policy = agent_client::policy;
using wire::CacheAddress;

constexpr const char* kCompression = "zstd";
#if defined(__aarch64__)
constexpr const char* kPlatform = "linux/arm64";
#else
constexpr const char* kPlatform = "linux/amd64";
#endif

/// A file without a name: nothing is left of it, however this ends.
class UnnamedFile {
 public:
  static Result<UnnamedFile> make(const std::string& directory) {
    std::string name = directory + "/ostler-cache-XXXXXX";
    UniqueFd fd(::mkostemp(name.data(), O_CLOEXEC));
    if (!fd) return Error::from_errno(errno, "make a file in " + directory);
    ::unlink(name.c_str());
    return UnnamedFile(std::move(fd));
  }
  int fd() const { return fd_.get(); }
  std::string path() const { return "/proc/self/fd/" + std::to_string(fd_.get()); }

 private:
  explicit UnnamedFile(UniqueFd fd) : fd_(std::move(fd)) {}
  UniqueFd fd_;
};

/// The calls of one registry.
class Registry {
 public:
  Registry(const CacheOptions& options, agent_client::Transport& transport)
      : path_("cache_registries/" + agent_client::path_segment(options.registry) + "/"),
        tell_(options.tell),
        transport_(transport) {}

  template <class Decode>
  auto ask(const std::string& method, const std::string& call, std::string body,
           Decode decode) const -> decltype(decode(std::string())) {
    return agent_client::ask_for(
        transport_, "cache " + call, {method, path_ + call, std::move(body), Uuid::make().str()},
        policy::kMetaDataGet, agent_client::RetryClock::telling(tell_), std::move(decode));
  }
  Result<void> tell(const std::string& method, const std::string& call, std::string body) const {
    return ask(method, call, std::move(body),
               [](const std::string&) -> Result<void> { return success(); });
  }

 private:
  std::string path_;
  const std::function<void(const std::string&)>& tell_;
  agent_client::Transport& transport_;
};

Result<std::unique_ptr<BlobPlace>> place_of(const CacheOptions& options) {
  if (!options.place.empty()) return open_blob_place(options.place, {});
  return Error(Errc::UserFault,
               "nobody has said where caches are kept; the agent's operator sets "
               "BUILDKITE_AGENT_CACHE_STORE_URL, to file:///DIRECTORY or s3://BUCKET/PREFIX");
}

/// Whether the bytes of the entry are there, and those that were saved.
Result<bool> fetch(const wire::CacheBlob& blob, const BlobPlace& place, const CacheOptions& options,
                   const UnnamedFile& into) {
  net::BlockingHttpClient client({.user_agent = options.user_agent});
  const auto got = place.get(client, blob.sha256, into.path());
  if (!got && got.error().code() != Errc::NotFound) return got.error();
  if (!got) return false;
  OSTLER_TRY(const auto digest, artifact::digest_file(into.path()));
  return digest.sha256 == blob.sha256;
}

std::string size_of(const wire::CacheBlob& blob) {
  return size_text(static_cast<std::uint64_t>(blob.size));
}

wire::CacheBlob blob_of(const artifact::ContentDigest& digest) {
  return {digest.sha256, static_cast<std::int64_t>(digest.size), kCompression};
}

/// Packs it, and keeps that.
Result<wire::CacheBlob> pack_and_keep(const CacheAddress& entry, int directory,
                                      const BlobPlace& place, const CacheOptions& options) {
  OSTLER_TRY(const UnnamedFile file, UnnamedFile::make(options.temporary));
  OSTLER_TRY(const std::uint64_t count, pack(directory, entry.target_paths, file.fd()));
  if (count == 0) return Error(Errc::NotFound, "nothing is at the paths of the cache");
  OSTLER_TRY(const auto digest, artifact::digest_file(file.path()));
  net::BlockingHttpClient client({.user_agent = options.user_agent});
  OSTLER_TRY(place.put(client, {.path = digest.sha256,
                                .file = file.path(),
                                .size = digest.size,
                                .sha1 = digest.sha1,
                                .sha256 = digest.sha256,
                                .content_type = "application/zstd"}));
  return blob_of(digest);
}

}  // namespace

Result<Restored> restore(const CacheAddress& wanted, int directory, const CacheOptions& options,
                         agent_client::Transport& transport) {
  OSTLER_TRY(const auto place, place_of(options));
  const Registry registry(options, transport);
  const auto found = registry.ask("POST", "retrieve", wire::encode(wanted), [](const auto& body) {
    return wire::decode_retrieved_cache(body);
  });
  if (!found && found.error().code() != Errc::NotFound) return found.error();
  if (!found) return Restored{};
  const wire::RetrievedCache& entry = found.value();
  OSTLER_TRY(const UnnamedFile file, UnnamedFile::make(options.temporary));
  OSTLER_TRY(const bool is_whole, fetch(entry.blob, *place, options, file));
  if (!is_whole) {
    options.tell("the bytes of the cache are gone or changed; forgetting the entry");
    OSTLER_TRY(registry.tell("POST", "expire", wire::encode(entry)));
    return Restored{};
  }
  ::lseek(file.fd(), 0, SEEK_SET);
  const auto unpacked = unpack(file.fd(), wanted.target_paths, directory);
  if (!unpacked && unpacked.error().code() == Errc::Corrupt) {
    options.tell("the cache cannot be unpacked; forgetting the entry");
    (void)registry.tell("POST", "expire", wire::encode(entry));  // what is wrong is said below
  }
  OSTLER_TRY(unpacked);
  options.tell("restored a cache of " + size_of(entry.blob));
  return Restored{true, entry.is_fall_back, entry.key, entry.blob.size};
}

Result<Saved> save(const CacheAddress& entry, int directory, const CacheOptions& options,
                   agent_client::Transport& transport) {
  OSTLER_TRY(const auto place, place_of(options));
  const Registry registry(options, transport);
  const auto there = registry.tell("POST", "peek", wire::encode(entry));
  if (there) return Saved{};
  if (there.error().code() != Errc::NotFound) return there.error();
  OSTLER_TRY(const wire::CacheBlob blob, pack_and_keep(entry, directory, *place, options));
  OSTLER_TRY(const std::string upload,
             registry.ask("PUT", "store", wire::encode_cache_store(entry, blob, kPlatform),
                          [](const auto& body) { return wire::decode_cache_upload_id(body); }));
  OSTLER_TRY(registry.tell("PUT", "commit", wire::encode_cache_commit(upload)));
  options.tell("saved a cache of " + size_of(blob));
  return Saved{true, blob.size};
}

}  // namespace ostler::cache
