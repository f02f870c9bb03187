// SPDX-License-Identifier: Apache-2.0
#include "git/handles.hpp"

#include <git2.h>
#include <git2/sys/refdb_backend.h>

namespace ostler::git {

#define OSTLER_RELEASE_WITH(Resource, function)                           \
  template <>                                                             \
  void Release<Resource>::operator()(Resource* resource) const noexcept { \
    function(resource);                                                   \
  }

OSTLER_RELEASE_WITH(git_commit, git_commit_free)
OSTLER_RELEASE_WITH(git_config, git_config_free)
OSTLER_RELEASE_WITH(git_diff, git_diff_free)
OSTLER_RELEASE_WITH(git_index, git_index_free)
OSTLER_RELEASE_WITH(git_object, git_object_free)
OSTLER_RELEASE_WITH(git_odb, git_odb_free)
OSTLER_RELEASE_WITH(git_packbuilder, git_packbuilder_free)
OSTLER_RELEASE_WITH(git_refdb, git_refdb_free)
OSTLER_RELEASE_WITH(git_reference, git_reference_free)
OSTLER_RELEASE_WITH(git_reference_iterator, git_reference_iterator_free)
OSTLER_RELEASE_WITH(git_remote, git_remote_free)
OSTLER_RELEASE_WITH(git_repository, git_repository_free)
OSTLER_RELEASE_WITH(git_revwalk, git_revwalk_free)
OSTLER_RELEASE_WITH(git_signature, git_signature_free)
OSTLER_RELEASE_WITH(git_tree, git_tree_free)

#undef OSTLER_RELEASE_WITH

}  // namespace ostler::git
