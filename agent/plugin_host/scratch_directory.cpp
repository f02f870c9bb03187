// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/scratch_directory.hpp"

#include <stdlib.h>

#include <cerrno>
#include <filesystem>

#include "files/remove_tree.hpp"

namespace ostler::plugin_host {

Result<ScratchDirectory> ScratchDirectory::make(const std::string& parent) {
  std::string path = (parent.empty() ? "/tmp" : parent) + "/ostler-step-XXXXXX";
  if (::mkdtemp(path.data()) == nullptr) {
    return Error::from_errno(errno, "make a directory " + path);
  }
  std::error_code error;
  const auto real = std::filesystem::canonical(path, error);
  return ScratchDirectory(error ? path : real.string());
}

Result<void> ScratchDirectory::remove() {
  const std::string path = std::exchange(path_, {});
  if (path.empty()) return success();
  // What a plugin left running and writing is of its own group, which is gone by now.
  auto done = files::remove_tree(path);
  if (!done) {
    return std::move(done).error().with_context("the plugin's directory " + path + " stays");
  }
  return success();
}

ScratchDirectory::~ScratchDirectory() { static_cast<void>(remove()); }

}  // namespace ostler::plugin_host
