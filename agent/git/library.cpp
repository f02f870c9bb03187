// SPDX-License-Identifier: Apache-2.0
#include "git/library.hpp"

#include <git2.h>

#include "base/assert.hpp"

namespace ostler::git {

Library::Library() { OSTLER_ASSERT(git_libgit2_init() > 0); }

Library::~Library() { git_libgit2_shutdown(); }

}  // namespace ostler::git
