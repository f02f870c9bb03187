// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <vector>

namespace ostler::model {

/// Which failures of a job do not fail its build.
struct SoftFail {
  bool any = false;
  std::vector<int> exit_statuses{};

  bool covers(int exit_status) const {
    return any || std::ranges::find(exit_statuses, exit_status) != exit_statuses.end();
  }
  friend bool operator==(const SoftFail&, const SoftFail&) = default;
};

}  // namespace ostler::model
