// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "base/clock.hpp"
#include "base/uuid.hpp"

namespace ostler {
using DeliveryId = Id<struct DeliveryKind>;
}

// What the webhooks of builds are still to be told. A delivery is written in the transaction in
// which its build changes; it goes when it has been told or is given up. At most
// kMostDeliveries wait; what comes while so many do is left out.
namespace ostler::store {

inline constexpr std::int64_t kMostDeliveries = 20'000;

struct WebhookDelivery {
  DeliveryId id;  ///< the same in each attempt
  BuildId build;
  std::string url{};
  std::string event{};  ///< "build.finished"
  int attempts = 0;     ///< that have failed
};

struct PostponeDelivery {
  DeliveryId delivery;
  Timestamp due_at{};
};

}  // namespace ostler::store
