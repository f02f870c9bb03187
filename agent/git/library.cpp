// SPDX-License-Identifier: Apache-2.0
#include "git/library.hpp"

#include <git2.h>

#include <cstdlib>

#include "base/assert.hpp"

namespace ostler::git {

Library::Library() {
  OSTLER_ASSERT(git_libgit2_init() > 0);
  // The variable by which git itself is told of further certificate authorities.
  if (const char* authorities = std::getenv("GIT_SSL_CAINFO")) {
    git_libgit2_opts(GIT_OPT_SET_SSL_CERT_LOCATIONS, authorities, nullptr);
  }
}

Library::~Library() { git_libgit2_shutdown(); }

}  // namespace ostler::git
