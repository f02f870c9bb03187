// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/bundle_code.hpp"

#include <elf.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "base/joined.hpp"
#include "plugin_host/library_faults.hpp"
#include "plugin_host/mapped_file.hpp"

namespace ostler::plugin_host {

namespace fs = std::filesystem;

namespace {

bool is_elf(std::string_view bytes) { return bytes.starts_with(ELFMAG); }

/// Others need not be copied to be looked at. What cannot be opened is for the copy to name.
bool may_be_library(const fs::path& path) {
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW));
  std::array<char, SELFMAG> begin{};
  if (!file) return true;
  return ::read(file.get(), begin.data(), begin.size()) == SELFMAG &&
         is_elf({begin.data(), begin.size()});
}

Error another_file(const std::string& name, const std::string& sha256) {
  return Error(Errc::UserFault,
               name + " is not the file that its manifest names: its SHA-256 is " + sha256);
}

}  // namespace

void CodeReader::read(const std::string& name, std::string_view bytes) {
  if (!manifest_.interpreter.empty()) return;
  BundledLibrary one{.name = name, .file = {}, .faults = {}};
  if (name == manifest_.library) {
    one.file =
        manifest_.is_program ? read_program(bytes, one.faults) : read_library(bytes, one.faults);
    plugin_ = std::move(one);
  } else if (!manifest_.is_program && is_elf(bytes)) {
    one.file = read_library(bytes, one.faults);
    one.file.exported.clear();  // which may be many
    others_.push_back(std::move(one));
  }
}

bool CodeReader::needs_more() const {
  return plugin_ && !manifest_.is_program &&
         !std::ranges::all_of(plugin_->file.needed, is_everywhere);
}

MappedCode CodeReader::end(std::vector<std::string>& faults) const {
  if (plugin_ && !manifest_.is_program) return close_over(*plugin_, others_, faults);
  MappedCode program{{manifest_.library}, {}};
  if (!plugin_) return program;
  for (const std::string& fault : plugin_->faults) faults.push_back(plugin_->name + ": " + fault);
  program.least_glibc = plugin_->file.least_glibc;
  return program;
}

namespace {

Result<void> take_plugin(const Bundle& bundle, int into, CodeReader& reader) {
  const Manifest& manifest = bundle.manifest;
  OSTLER_TRY(const std::string sha256,
             copy_and_seal(bundle.directory / manifest.library, into, manifest.is_program));
  if (sha256 != manifest.sha256_of(manifest.library)) return another_file(manifest.library, sha256);
  reader.read(manifest.library, MappedFile(into).bytes());
  return success();
}

/// Reads what the plugin may need, as the manifest names it.
Result<void> read_others(const Bundle& bundle, CodeReader& reader) {
  for (const auto& [name, sha256] : bundle.manifest.files) {
    const fs::path path = bundle.directory / name;
    if (name == bundle.manifest.library || !may_be_library(path)) continue;
    OSTLER_TRY(const UniqueFd file, memory_file());
    OSTLER_TRY(const CopiedFile copied, copy_plain_file(path, file.get(), kMostResourceBytes));
    if (copied.sha256 != sha256) return another_file(name, copied.sha256);
    reader.read(name, MappedFile(file.get()).bytes());
  }
  return success();
}

/// What was read lies on a disk: the copy is held against the manifest once more.
Result<void> take_library(const Bundle& bundle, const std::string& name, int into,
                          std::uint64_t& bytes_left) {
  OSTLER_TRY(const CopiedFile copied, copy_plain_file(bundle.directory / name, into, bytes_left));
  if (copied.sha256 != bundle.manifest.sha256_of(name)) return another_file(name, copied.sha256);
  bytes_left -= copied.size;
  return seal(into);
}

}  // namespace

Result<std::vector<std::string>> take_code(const Bundle& bundle, std::span<const int> into,
                                           std::uint64_t& bytes_left) {
  CodeReader reader(bundle.manifest);
  OSTLER_TRY(take_plugin(bundle, into.front(), reader));
  if (reader.needs_more()) {
    OSTLER_TRY(read_others(bundle, reader));
  }
  std::vector<std::string> faults;
  MappedCode code = reader.end(faults);
  if (!faults.empty()) return Error(Errc::UserFault, joined(faults, "; "));
  for (std::size_t i = 1; i < code.names.size(); ++i) {
    OSTLER_TRY(take_library(bundle, code.names[i], into[i], bytes_left));
  }
  return std::move(code.names);
}

Result<std::vector<CodeFile>> take_code(const Bundle& bundle) {
  OSTLER_TRY(auto files, memory_files_for_code());
  std::vector<int> into;
  for (const UniqueFd& file : files) into.push_back(file.get());
  std::uint64_t bytes_left = kMostResourceBytes;
  OSTLER_TRY(auto names, take_code(bundle, into, bytes_left));
  return named_code(std::move(names), std::move(files));
}

}  // namespace ostler::plugin_host
