// SPDX-License-Identifier: Apache-2.0
#include "git/certificate_authorities.hpp"

#include <git2.h>

#include <cstdlib>
#include <initializer_list>

namespace ostler::git {
namespace {

/// The value of the first of these variables that is set. Git's own come before those that all of
/// our programs know, and the TLS library of libgit2 may not.
const char* first_set(std::initializer_list<const char*> names) {
  for (const char* name : names) {
    const char* value = std::getenv(name);
    if (value != nullptr && *value != '\0') return value;
  }
  return nullptr;
}

}  // namespace

void trust_named_authorities() {
  const char* const file = first_set({"GIT_SSL_CAINFO", "SSL_CERT_FILE"});
  const char* const directory = first_set({"GIT_SSL_CAPATH", "SSL_CERT_DIR"});
  if (file != nullptr || directory != nullptr) {
    git_libgit2_opts(GIT_OPT_SET_SSL_CERT_LOCATIONS, file, directory);
  }
}

}  // namespace ostler::git
