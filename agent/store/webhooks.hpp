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
// which its build changes; it goes when it has been told or is given up. What comes while too many
// wait, in all or for its host, is left out, with a line in the log.
namespace ostler::store {

inline constexpr std::int64_t kMostDeliveries = 20'000;
inline constexpr std::int64_t kMostDeliveriesOfHost = 2'000;

/// So many at once, and so many of them at one host.
struct DeliveryLimits {
  std::int64_t all = 0;
  std::int64_t of_host = 0;
};

struct DueDelivery {
  DeliveryId id;
  std::string host;
};

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
