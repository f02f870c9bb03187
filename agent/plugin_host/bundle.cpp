// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/bundle.hpp"

#include <unistd.h>

#include <algorithm>

#include "base/joined.hpp"
#include "crypto/digest.hpp"
#include "files/file.hpp"
#include "plugin_host/bundle_code.hpp"
#include "plugin_host/library_faults.hpp"
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
                                             std::uint64_t& bytes_left,
                                             const std::vector<std::string>& code) {
  std::vector<Resource> resources;
  for (const auto& [name, sha256] : bundle.manifest.files) {
    if (std::ranges::find(code, name) != code.end()) continue;
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
  CodeReader reader(bundle.manifest);
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
    reader.read(name, MappedFile(copy.value().fd.get()).bytes());
  }
  inspection.least_glibc = reader.end(inspection.faults).least_glibc;
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

namespace {

BundledLibrary library_at(const fs::path& file) {
  BundledLibrary library{.name = file.filename(), .file = {}, .faults = {}};
  const auto copy = sealed_copy(file);
  if (copy) {
    library.file = read_library(MappedFile(copy.value().fd.get()).bytes(), library.faults);
  } else {
    library.faults.push_back(copy.error().message());
  }
  return library;
}

}  // namespace

std::vector<std::string> faults_of_library(const fs::path& file) {
  std::vector<std::string> faults;
  close_over(library_at(file), {}, faults);
  return faults;
}

/// Beside what is a plugin, others may be its libraries.
std::vector<std::string> faults_of_libraries(const fs::path& path) {
  std::error_code error;
  std::vector<BundledLibrary> there;
  for (const auto& entry : fs::directory_iterator(directory_of(path), error)) {
    const std::string name = entry.path().filename();
    const bool is_library = name.ends_with(".so") || name.find(".so.") != name.npos;
    if (is_library && entry.is_regular_file(error)) there.push_back(library_at(entry.path()));
  }
  const auto is_plugin = [](const BundledLibrary& one) { return exports_entry(one.file); };
  const bool has_plugin = std::ranges::any_of(there, is_plugin);
  std::vector<std::string> said;
  for (const BundledLibrary& one : there) {
    if (!has_plugin || is_plugin(one)) close_over(one, there, said);
  }
  std::ranges::sort(said);
  return said;
}

}  // namespace ostler::plugin_host
