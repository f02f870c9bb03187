// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "git/repository.hpp"
#include "git/watcher.hpp"

namespace ostler::git {

/// Throws the index away when it cannot be read or holds conflicts, so that the next clean and
/// check_out begin from nothing.
Result<void> drop_unusable_index(const Repository& repository);

/// Makes tracked files those of `commit`, whatever was done to them, and HEAD that commit, on no
/// branch. Files that the index does not know stay. Killed half-way, the next call completes it.
/// Cancel: seen before files are written; then the call runs to its end.
Result<void> check_out(Repository& repository, const std::string& commit, Watcher& watcher);

/// One line of FETCH_HEAD, as git writes it.
struct FetchedReference {
  std::string id;
  std::string name;  ///< full reference name, "HEAD", or the id itself
};
Result<void> write_fetch_head(const Repository& repository, const FetchedReference& fetched,
                              const std::string& url);

}  // namespace ostler::git
