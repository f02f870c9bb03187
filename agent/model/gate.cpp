// SPDX-License-Identifier: Apache-2.0
#include "model/gate.hpp"

#include "base/assert.hpp"

namespace ostler::model {

std::string_view to_string(BlockedState state) {
  switch (state) {
    case BlockedState::Passed: return "passed";
    case BlockedState::Failed: return "failed";
    case BlockedState::Running: return "running";
  }
  OSTLER_ASSERT(false);
}

}  // namespace ostler::model
