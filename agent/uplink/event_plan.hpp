// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "wire/agent_api_events.hpp"

namespace ostler::uplink {

/// Events of a journal on their way to the server: one batch at a time, in order, each until it is
/// acknowledged. The sequence of an event is the number of its record, so that one that is sent
/// twice is known. Bounded: who fills it looks at is_full() first.
class EventPlan {
 public:
  void add(wire::JobEvent event);
  /// Whether it holds as much as is read ahead.
  bool is_full() const;
  bool is_empty() const { return events_.empty(); }

  /// What is to be sent next; empty while a batch is under way, or nothing waits.
  std::vector<wire::JobEvent> begin_batch();
  /// The batch has been taken, or is given up.
  void end_batch();

  /// The record of the first event that is not acknowledged.
  std::optional<std::uint64_t> first_open() const;

 private:
  std::deque<wire::JobEvent> events_;
  std::size_t bytes_ = 0;      ///< of the data of all
  std::size_t under_way_ = 0;  ///< so many of the first are in the batch
};

}  // namespace ostler::uplink
