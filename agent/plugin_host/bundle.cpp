// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/bundle.hpp"

#include <sys/mman.h>
#include <sys/stat.h>

#include <algorithm>

#include "base/joined.hpp"
#include "base/nearest_word.hpp"
#include "files/file.hpp"

namespace ostler::plugin_host {

namespace fs = std::filesystem;

namespace {

constexpr const char* kManifestName = "plugin.json";
constexpr std::size_t kLongestManifest = 1u << 20;

/// A file that is mapped for reading.
class Mapped {
 public:
  explicit Mapped(int fd) {
    struct stat found{};
    if (::fstat(fd, &found) != 0 || found.st_size <= 0) return;
    size_ = static_cast<std::size_t>(found.st_size);
    void* at = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, fd, 0);
    if (at != MAP_FAILED) data_ = at;
  }
  ~Mapped() {
    if (data_ != nullptr) ::munmap(data_, size_);
  }
  Mapped(const Mapped&) = delete;
  Mapped& operator=(const Mapped&) = delete;
  std::string_view bytes() const {
    return data_ == nullptr ? std::string_view()
                            : std::string_view(static_cast<char*>(data_), size_);
  }

 private:
  void* data_ = nullptr;
  std::size_t size_ = 0;
};

std::vector<std::string> names_in(const fs::path& directory) {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(directory, error)) {
    if (entry.is_directory(error)) names.push_back(entry.path().filename());
  }
  std::ranges::sort(names);
  return names;
}

Error not_in_store(const fs::path& store, const std::string& id) {
  const std::vector<std::string> names = names_in(store);
  const std::vector<std::string_view> views(names.begin(), names.end());
  const std::string_view near = nearest_word(id, views);
  return Error(
      Errc::NotFound,
      "no plugin " + id + " in " + store.string() +
          (near.empty() ? std::string() : ", did you mean \"" + std::string(near) + "\"?"));
}

bool is_part(const std::string& name) {
  return !name.empty() && name.front() != '.' && name.find('/') == name.npos;
}

}  // namespace

Result<Bundle> open_bundle(const fs::path& path) {
  std::error_code error;
  const fs::path directory = fs::is_directory(path, error) ? path : path.parent_path();
  const fs::path file = directory / kManifestName;
  auto text = files::read_file(file, kLongestManifest);
  if (!text) return std::move(text).error().with_context("the manifest of a plugin");
  std::vector<std::string> faults;
  auto manifest = read_manifest(text.value(), faults);
  if (!manifest) {
    return Error(
        Errc::UserFault,
        file.string() + ": " + (faults.size() == 1 ? "" : "has faults\n") + joined(faults, "\n"));
  }
  return Bundle{directory, std::move(*manifest)};
}

Result<fs::path> find_in_store(const fs::path& store, const std::string& reference) {
  const std::size_t mark = reference.find('#');
  const std::string id = reference.substr(0, mark);
  const std::string version = mark == reference.npos ? "" : reference.substr(mark + 1);
  std::error_code error;
  if (!is_part(id) || !fs::is_directory(store / id, error)) return not_in_store(store, id);
  const std::vector<std::string> versions = names_in(store / id);
  if (version.empty() && versions.size() == 1) return store / id / versions.front();
  if (std::ranges::find(versions, version) != versions.end()) return store / id / version;
  return Error(Errc::NotFound, "the plugin " + id + " is there in version " +
                                   joined(versions, ", ") + "; write " + id + "#VERSION");
}

Result<UniqueFd> take_library(const Bundle& bundle) {
  const Manifest& manifest = bundle.manifest;
  OSTLER_TRY(SealedCopy copy, sealed_copy(bundle.directory / manifest.library));
  if (copy.sha256 != manifest.sha256_of(manifest.library)) {
    return Error(Errc::UserFault, manifest.library + " is not the file that its manifest names: " +
                                      "its SHA-256 is " + copy.sha256);
  }
  std::vector<std::string> faults;
  read_library(Mapped(copy.fd.get()).bytes(), faults);
  if (!faults.empty())
    return Error(Errc::UserFault, manifest.library + ": " + joined(faults, "; "));
  return std::move(copy.fd);
}

Inspection inspect_files(const Bundle& bundle) {
  Inspection inspection;
  for (const auto& [name, sha256] : bundle.manifest.files) {
    const auto copy = sealed_copy(bundle.directory / name);
    if (!copy) {
      inspection.faults.push_back(name + ": " + copy.error().message());
      continue;
    }
    if (copy.value().sha256 != sha256) {
      inspection.faults.push_back(name + ": its SHA-256 is " + copy.value().sha256 +
                                  ", not that of the manifest");
    }
    if (name != bundle.manifest.library) continue;
    std::vector<std::string> faults;
    inspection.library = read_library(Mapped(copy.value().fd.get()).bytes(), faults);
    for (const std::string& fault : faults) inspection.faults.push_back(name + ": " + fault);
  }
  return inspection;
}

}  // namespace ostler::plugin_host
