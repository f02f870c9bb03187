// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace ostler::model {

/// One entry of a pipeline's `notify`.
struct Notification {
  std::string text;       ///< the entry as it was written, as JSON
  std::string webhook;    ///< the address that hears of the build; empty: it is of another kind
  std::string condition;  ///< what must be true of the build then; empty: nothing

  friend bool operator==(const Notification&, const Notification&) = default;
};

}  // namespace ostler::model
