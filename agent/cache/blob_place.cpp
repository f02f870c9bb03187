// SPDX-License-Identifier: Apache-2.0
#include "cache/blob_place.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "base/unique_fd.hpp"
#include "cache/place_sweep.hpp"
#include "files/copy_file.hpp"

namespace ostler::cache {
namespace {

namespace fs = std::filesystem;
using object_store::OutgoingFile;

constexpr std::string_view kFileScheme = "file://";

/// A directory of this machine, or one that many have mounted.
class DirectoryPlace final : public BlobPlace {
 public:
  explicit DirectoryPlace(fs::path directory) : directory_(std::move(directory)) {}

  Result<void> put(net::BlockingHttpClient&, const OutgoingFile& file) const override {
    std::error_code ec;
    fs::create_directories(directory_, ec);
    if (ec) return Error::from_errno(ec.value(), "make directory " + directory_.string());
    const fs::path partial =
        directory_ / (".partial-" + file.path + "-" + std::to_string(::getpid()));
    fs::remove(partial, ec);
    OSTLER_TRY(files::copy_file(file.file, partial, static_cast<std::int64_t>(file.size)));
    if (::rename(partial.c_str(), (directory_ / file.path).c_str()) != 0) {
      const int number = errno;
      fs::remove(partial, ec);
      return Error::from_errno(number, "rename to " + (directory_ / file.path).string());
    }
    sweep_place(directory_);
    return success();
  }

  /// Its time is that of its last use: a sweep tells by it what nobody uses. One that is open can
  /// be read though a sweep removes it.
  Result<void> get(net::BlockingHttpClient&, const std::string& name,
                   const fs::path& into) const override {
    const fs::path kept = directory_ / name;
    const UniqueFd open_file(::open(kept.c_str(), O_RDONLY | O_CLOEXEC));
    if (!open_file) return Error::from_errno(errno, "read " + kept.string());
    ::futimens(open_file.get(), nullptr);
    std::error_code ec;
    fs::copy_file("/proc/self/fd/" + std::to_string(open_file.get()), into,
                  fs::copy_options::overwrite_existing, ec);
    if (ec) return Error::from_errno(ec.value(), "read " + kept.string());
    return success();
  }

 private:
  fs::path directory_;
};

class StorePlace final : public BlobPlace {
 public:
  explicit StorePlace(std::unique_ptr<object_store::ObjectStore> store)
      : store_(std::move(store)) {}

  Result<void> put(net::BlockingHttpClient& client, const OutgoingFile& file) const override {
    OSTLER_TRY(store_->prepare(client));
    return store_->put(client, file);
  }
  Result<void> get(net::BlockingHttpClient& client, const std::string& name,
                   const fs::path& into) const override {
    OSTLER_TRY(store_->prepare(client));
    return store_->get(client, name, into);
  }

 private:
  std::unique_ptr<object_store::ObjectStore> store_;
};

}  // namespace

Result<std::unique_ptr<BlobPlace>> open_blob_place(const std::string& url,
                                                   object_store::StoreOptions options) {
  if (url.starts_with(kFileScheme)) {
    const std::string path = url.substr(kFileScheme.size());
    if (path.starts_with('/')) return std::make_unique<DirectoryPlace>(path);
    return Error(Errc::UserFault, "a place for caches in files is file:///DIRECTORY, not " + url);
  }
  auto store = object_store::open_store(url, options);
  if (!store) return std::move(store).error().with_context("BUILDKITE_AGENT_CACHE_STORE_URL");
  return std::make_unique<StorePlace>(std::move(store).value());
}

}  // namespace ostler::cache
