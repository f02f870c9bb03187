// SPDX-License-Identifier: Apache-2.0
#include <sys/mman.h>

#include <cerrno>

#include "plugin_host/sealed_copy.hpp"
#include "plugin_host/step_plan.hpp"

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U  // Linux 6.3
#define MFD_EXEC 0x0010U         // the same
#endif

namespace ostler::plugin_host {

Result<UniqueFd> memory_file_for_plugin() {
  UniqueFd fd(::memfd_create("ostler-plugin", MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_EXEC));
  if (fd) return fd;
  return memory_file();  // a machine that refuses those, or an older kernel that has no such word
}

Result<std::vector<UniqueFd>> memory_files_for_code() {
  std::vector<UniqueFd> files;
  OSTLER_TRY(UniqueFd plugin, memory_file_for_plugin());
  files.push_back(std::move(plugin));
  while (files.size() <= kMostLibraries) {
    OSTLER_TRY(UniqueFd library, memory_file());
    files.push_back(std::move(library));
  }
  return files;
}

/// Where machines refuse memory files that could be executed, one that is only mapped still serves.
Result<UniqueFd> memory_file() {
  UniqueFd fd(::memfd_create("ostler-plugin", MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_NOEXEC_SEAL));
  if (!fd) fd.reset(::memfd_create("ostler-plugin", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!fd) return Error::from_errno(errno, "make a file in memory");
  return fd;
}

}  // namespace ostler::plugin_host
