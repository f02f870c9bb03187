// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/bundle.hpp"

#include <unistd.h>

#include <algorithm>

#include "base/joined.hpp"
#include "crypto/digest.hpp"
#include "files/file.hpp"
#include "plugin_host/mapped_file.hpp"

namespace ostler::plugin_host {

namespace fs = std::filesystem;

namespace {

Result<std::string> read_signature_file(const fs::path& path) {
  auto text = files::read_file(path, kLongestSignature);
  if (!text && text.error().code() == Errc::NotFound) return std::string();
  if (!text) return std::move(text).error().with_context("the signature of a plugin");
  return std::move(text).value();
}

/// Else another file than the one that was named would be looked at, or run.
Result<void> check_is_of(const Manifest& manifest, const fs::path& path) {
  std::error_code error;
  const fs::path name = path.filename();
  const bool is_of =
      fs::is_directory(path, error) || name == kManifestName || name == manifest.library;
  if (is_of) return success();
  return Error(Errc::UserFault, path.string() +
                                    " is not of the plugin whose plugin.json lies beside "
                                    "it: the library of " +
                                    manifest.id + " is " + manifest.library);
}

}  // namespace

fs::path directory_of(const fs::path& path) {
  std::error_code error;
  if (fs::is_directory(path, error)) return path;
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

Result<Bundle> open_bundle(const fs::path& path) {
  std::error_code error;
  if (!fs::exists(path, error)) return Error(Errc::NotFound, "there is no " + path.string());
  const fs::path directory = directory_of(path);
  const fs::path file = directory / kManifestName;
  auto text = files::read_file(file, kLongestManifest);
  if (!text) return std::move(text).error().with_context("the manifest of a plugin");
  OSTLER_TRY(Bundle bundle, read_bundle(directory, std::move(text).value()));
  OSTLER_TRY(check_is_of(bundle.manifest, path));
  OSTLER_TRY(bundle.signature, read_signature_file(directory / kSignatureName));
  return bundle;
}

Result<Bundle> read_bundle(const fs::path& directory, std::string text) {
  std::vector<std::string> faults;
  auto manifest = read_manifest(text, faults);
  if (manifest) {
    std::string sha256 = crypto::sha256_hex(text);
    return Bundle{directory, std::move(text), std::move(sha256), {}, std::move(*manifest)};
  }
  const std::string file = (directory / kManifestName).string();
  return Error(Errc::UserFault,
               file + ": " + (faults.size() == 1 ? "" : "has faults\n") + joined(faults, "\n"));
}

namespace {

/// What runs of a plugin that no interpreter reads.
LibraryFile read_code(const Manifest& manifest, int file, std::vector<std::string>& faults) {
  const MappedFile mapped(file);
  return manifest.is_program ? read_program(mapped.bytes(), faults)
                             : read_library(mapped.bytes(), faults);
}

}  // namespace

Result<void> take_library(const Bundle& bundle, int into) {
  const Manifest& manifest = bundle.manifest;
  OSTLER_TRY(const std::string sha256,
             copy_and_seal(bundle.directory / manifest.library, into, manifest.is_program));
  if (sha256 != manifest.sha256_of(manifest.library)) {
    return Error(Errc::UserFault, manifest.library + " is not the file that its manifest names: " +
                                      "its SHA-256 is " + sha256);
  }
  if (!manifest.interpreter.empty()) return success();
  std::vector<std::string> faults;
  read_code(manifest, into, faults);
  if (faults.empty()) return success();
  return Error(Errc::UserFault, manifest.library + ": " + joined(faults, "; "));
}

Result<UniqueFd> take_library(const Bundle& bundle) {
  OSTLER_TRY(UniqueFd library, memory_file_for_plugin());
  OSTLER_TRY(take_library(bundle, library.get()));
  return library;
}

namespace {

Result<Resource> take_resource(const fs::path& path, const std::string& sha256, int into,
                               std::uint64_t& bytes_left) {
  OSTLER_TRY(const CopiedFile copied, copy_plain_file(path, into, bytes_left));
  const std::string name = path.filename();
  if (copied.sha256 != sha256) {
    return Error(Errc::UserFault, "its resource " + name +
                                      " is not the file that its manifest names: its SHA-256 is " +
                                      copied.sha256);
  }
  bytes_left -= copied.size;
  return Resource{name, copied.size};
}

}  // namespace

Result<std::vector<Resource>> take_resources(const Bundle& bundle, int into,
                                             std::uint64_t& bytes_left) {
  std::vector<Resource> resources;
  for (const auto& [name, sha256] : bundle.manifest.files) {
    if (name == bundle.manifest.library) continue;
    auto taken = take_resource(bundle.directory / name, sha256, into, bytes_left);
    if (!taken) {
      (void)::ftruncate(into, 0);  // at once: other plugins may hold much
      return std::move(taken).error();
    }
    resources.push_back(std::move(taken).value());
  }
  OSTLER_TRY(seal(into));
  return resources;
}

namespace {

/// Appends what keeps the files beside the library from being resources.
void inspect_resources(const Bundle& bundle, std::vector<std::string>& faults) {
  std::uint64_t all = 0;
  for (const auto& [name, sha256] : bundle.manifest.files) {
    if (name == bundle.manifest.library) continue;
    std::error_code error;
    const fs::path path = bundle.directory / name;
    if (fs::is_symlink(path, error)) {
      faults.push_back(name + ": is a symbolic link; a plugin has its files itself");
      continue;
    }
    const std::uint64_t size = fs::file_size(path, error);
    if (!error) all += size;
  }
  if (all > kMostResourceBytes) faults.push_back("files: resources of more than 256 MiB in all");
}

}  // namespace

Inspection inspect_files(const Bundle& bundle) {
  Inspection inspection;
  inspect_resources(bundle, inspection.faults);
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
    if (name != bundle.manifest.library || !bundle.manifest.interpreter.empty()) continue;
    std::vector<std::string> faults;
    inspection.library = read_code(bundle.manifest, copy.value().fd.get(), faults);
    for (const std::string& fault : faults) inspection.faults.push_back(name + ": " + fault);
  }
  return inspection;
}

Error faulty(const Manifest& manifest, const std::vector<std::string>& faults) {
  return Error(Errc::UserFault, manifest.reference() + " has faults\n" + joined(faults, "\n"));
}

Result<void> check_files(const Bundle& bundle) {
  const auto faults = inspect_files(bundle).faults;
  if (!faults.empty()) return faulty(bundle.manifest, faults);
  return success();
}

std::vector<std::string> faults_of_library(const fs::path& file) {
  const auto copy = sealed_copy(file);
  std::vector<std::string> faults;
  if (copy) {
    read_library(MappedFile(copy.value().fd.get()).bytes(), faults);
  } else {
    faults.push_back(copy.error().message());
  }
  for (std::string& fault : faults) fault.insert(0, file.filename().string() + ": ");
  return faults;
}

std::vector<std::string> faults_of_libraries(const fs::path& path) {
  std::error_code error;
  std::vector<std::string> said;
  for (const auto& entry : fs::directory_iterator(directory_of(path), error)) {
    if (entry.path().extension() != ".so") continue;
    const auto faults = faults_of_library(entry.path());
    said.insert(said.end(), faults.begin(), faults.end());
  }
  std::ranges::sort(said);
  return said;
}

}  // namespace ostler::plugin_host
