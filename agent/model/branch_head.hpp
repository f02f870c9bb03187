// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace ostler::model {

/// Where a branch of a repository is.
struct BranchHead {
  std::string branch;  ///< without "refs/heads/"
  std::string commit;  ///< 40 hex

  friend bool operator==(const BranchHead&, const BranchHead&) = default;
};

/// What a build of a new head is called until its first job tells the message of the commit: the
/// list of branches has none.
std::string message_until_told(const BranchHead& head);

}  // namespace ostler::model
