// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "git/repository.hpp"

namespace ostler::git {

/// Makes the remote-tracking branches of origin and the tags of `checkout` those of `mirror`:
/// refs/heads/x becomes refs/remotes/origin/x. Touches only references that differ.
/// Requires: `checkout` can read the objects of `mirror`.
Result<void> copy_references(const Repository& mirror, Repository& checkout);

}  // namespace ostler::git
