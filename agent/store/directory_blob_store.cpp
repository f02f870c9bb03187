// SPDX-License-Identifier: Apache-2.0
#include "store/directory_blob_store.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>

#include "files/file.hpp"
#include "store/folder.hpp"
#include "store/growing_files.hpp"

namespace ostler::store {
namespace {

namespace fs = std::filesystem;

/// The last two digits of an id are random whatever its version, the first tell the time.
std::string folder_of(const Uuid& id) { return id.str().substr(34); }

const char* folder_of_kind(BlobKind kind) {
  switch (kind) {
    case BlobKind::Log: return "logs";
    case BlobKind::Artifact: return "artifacts";
    case BlobKind::Plugin: return "plugins";
  }
  return "";
}

/// An upload is a file among the incoming ones until it is whole.
class FileUpload final : public BlobUpload {
 public:
  FileUpload(UniqueFd file, fs::path incoming, fs::path directory)
      : file_(std::move(file)), incoming_(std::move(incoming)), directory_(std::move(directory)) {}
  ~FileUpload() override {
    if (!is_finished_) ::unlink(incoming_.c_str());
  }

  Result<void> write(std::string_view bytes) override {
    return files::write_all(file_.get(), bytes);
  }

  const fs::path& path() const override { return incoming_; }

  Result<void> finish(BlobName name) override {
    const fs::path target = blob_path(directory_, name);
    if (::fsync(file_.get()) != 0) return path_error("sync", incoming_);
    OSTLER_TRY(make_folder(target.parent_path()));
    if (::rename(incoming_.c_str(), target.c_str()) != 0) return path_error("rename", target);
    is_finished_ = true;
    return sync_folder(target.parent_path());
  }

 private:
  UniqueFd file_;
  fs::path incoming_;
  fs::path directory_;
  bool is_finished_ = false;
};

class DirectoryBlobStore final : public BlobStore {
 public:
  explicit DirectoryBlobStore(fs::path directory) : directory_(std::move(directory)) {}

  Result<void> prepare() {
    std::error_code ec;
    fs::remove_all(incoming(), ec);
    OSTLER_TRY(files::ensure_private_directory(incoming()));
    OSTLER_TRY(make_folder(directory_ / "logs"));
    OSTLER_TRY(make_folder(directory_ / "artifacts"));
    OSTLER_TRY(make_folder(directory_ / "plugins"));
    return sync_folder(directory_);
  }

  Result<std::unique_ptr<BlobUpload>> create() override {
    const fs::path path = incoming() / std::to_string(++uploads_);
    UniqueFd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!file) return path_error("create", path);
    return std::unique_ptr<BlobUpload>(
        std::make_unique<FileUpload>(std::move(file), path, directory_));
  }

  Result<BlobFile> open(BlobName name) const override {
    const fs::path path = path_of(name);
    UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file) return path_error("open", path);
    struct stat about{};
    if (::fstat(file.get(), &about) != 0) return path_error("stat", path);
    return BlobFile{.fd = std::move(file), .size = about.st_size};
  }

  Result<void> remove(BlobName name) override {
    const fs::path path = path_of(name);
    if (::unlink(path.c_str()) == 0 || errno == ENOENT) return success();
    return path_error("remove", path);
  }

  Result<std::vector<BlobName>> list(BlobKind kind) const override {
    std::vector<BlobName> names;
    std::error_code error;
    for (fs::recursive_directory_iterator file(directory_ / folder_of_kind(kind), error), end;
         !error && file != end; file.increment(error)) {
      const auto id = Uuid::parse(file->path().stem().string());
      if (id && file->is_regular_file(error)) names.push_back({kind, *id});
    }
    if (!error) return names;
    return Error::from_errno(error.value(), std::string("list ") + folder_of_kind(kind));
  }

  Result<void> write_at(BlobName name, std::int64_t position, std::string_view bytes) override {
    return growing_.write_at(path_of(name), position, bytes);
  }
  Result<void> sync() override { return growing_.sync(); }

  Result<std::string> read(BlobName name, std::int64_t position, std::int64_t size) const override {
    OSTLER_TRY(const auto blob, open(name));
    std::string bytes(static_cast<std::size_t>(size), '\0');
    std::size_t filled = 0;
    while (filled < bytes.size()) {
      const auto count = ::pread(blob.fd.get(), bytes.data() + filled, bytes.size() - filled,
                                 position + static_cast<off_t>(filled));
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return path_error("read", path_of(name));
      if (count == 0)
        return Error(Errc::Corrupt, "blob " + path_of(name).string() + " is too short");
      filled += static_cast<std::size_t>(count);
    }
    return bytes;
  }

  Result<void> truncate(BlobName name, std::int64_t size) override {
    const fs::path path = path_of(name);
    struct stat about{};
    if (::stat(path.c_str(), &about) != 0) {
      if (errno == ENOENT) return success();
      return path_error("stat", path);
    }
    if (about.st_size > size && ::truncate(path.c_str(), size) != 0) return path_error("cut", path);
    return success();
  }

 private:
  fs::path incoming() const { return directory_ / "incoming"; }
  fs::path path_of(BlobName name) const { return blob_path(directory_, name); }

  fs::path directory_;
  std::atomic<std::uint64_t> uploads_{0};
  GrowingFiles growing_;
};

}  // namespace

fs::path blob_path(const fs::path& directory, BlobName name) {
  const bool is_log = name.kind == BlobKind::Log;
  return directory / folder_of_kind(name.kind) / folder_of(name.id) /
         (name.id.str() + (is_log ? ".gz" : ""));
}

Result<std::unique_ptr<BlobStore>> open_directory_blob_store(fs::path directory) {
  OSTLER_TRY(files::ensure_private_directory(directory));
  auto store = std::make_unique<DirectoryBlobStore>(std::move(directory));
  OSTLER_TRY(store->prepare());
  return std::unique_ptr<BlobStore>(std::move(store));
}

}  // namespace ostler::store
