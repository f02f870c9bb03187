// SPDX-License-Identifier: Apache-2.0
#include <sys/mman.h>

#include <cerrno>

#include "plugin_host/sealed_copy.hpp"

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U  // Linux 6.3
#endif

namespace ostler::plugin_host {

/// Where machines refuse memory files that could be executed, one that is only mapped still serves.
Result<UniqueFd> memory_file() {
  UniqueFd fd(::memfd_create("ostler-plugin", MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_NOEXEC_SEAL));
  if (!fd) fd.reset(::memfd_create("ostler-plugin", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!fd) return Error::from_errno(errno, "make a file in memory");
  return fd;
}

}  // namespace ostler::plugin_host
