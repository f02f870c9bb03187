// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "git/repository.hpp"
#include "git/watcher.hpp"

namespace ostler::git {

struct FetchRequest {
  std::string url;
  /// As git writes them; a whole object id stands for that object alone.
  std::vector<std::string> refspecs;
  /// Deletes branches and tags of the repository that the remote no longer has.
  bool prune = false;
};

struct Fetched {
  std::size_t updated_references = 0;
  std::string default_branch;  ///< "refs/heads/main"; empty when the remote does not say
};

/// Downloads what is missing and updates references. Over http credentials come from the
/// URL; when the server asks for (other) ones, from ~/.netrc, then from git's credential helpers.
/// Over ssh the user's ssh program has them (GIT_SSH_COMMAND, GIT_SSH, else ssh).
/// A refspec that matches nothing is no error. Interrupted at any point it leaves references and
/// objects that are valid, at most with temporary files beside them.
/// Errors: NotFound and Denied (the remote), Unavailable (network; retryable), Protocol,
/// Cancelled. Blocks as long as the peer is silent: a signal that interrupts system calls ends it.
Result<Fetched> fetch(Repository& repository, const FetchRequest& request, Watcher& watcher);

/// Downloads one commit with all it needs, whether or not a branch or tag of the remote leads to
/// it. Errors: as fetch; NotFound also when the remote does not give out commits by id.
Result<void> fetch_commit(Repository& repository, const std::string& url, const std::string& id,
                          Watcher& watcher);

/// Removes packs that a killed fetch left unfinished. Requires: nobody fetches into it.
void remove_unfinished_packs(const Repository& repository);

}  // namespace ostler::git
