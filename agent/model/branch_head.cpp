// SPDX-License-Identifier: Apache-2.0
#include "model/branch_head.hpp"

namespace ostler::model {

std::string message_until_told(const BranchHead& head) {
  constexpr std::size_t kShortId = 10;
  return "Commit " + head.commit.substr(0, kShortId) + " on " + head.branch;
}

}  // namespace ostler::model
