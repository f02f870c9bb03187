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

}  // namespace ostler::model
