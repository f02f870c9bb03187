// SPDX-License-Identifier: Apache-2.0
#include "uplink/event_plan.hpp"

#include <utility>

#include "base/assert.hpp"

namespace ostler::uplink {
namespace {

constexpr std::size_t kReadAhead = 512u << 10;  // bytes
constexpr std::size_t kMostOfBatch = 256u << 10;

}  // namespace

void EventPlan::add(wire::JobEvent event) {
  bytes_ += event.data.size();
  events_.push_back(std::move(event));
}

bool EventPlan::is_full() const {
  return bytes_ >= kReadAhead || events_.size() >= 4 * wire::kMostEventsAtOnce;
}

std::vector<wire::JobEvent> EventPlan::begin_batch() {
  if (under_way_ > 0) return {};
  std::vector<wire::JobEvent> batch;
  std::size_t bytes = 0;
  for (const wire::JobEvent& event : events_) {
    bytes += event.data.size();
    const bool is_enough = batch.size() == wire::kMostEventsAtOnce || bytes > kMostOfBatch;
    if (is_enough && !batch.empty()) break;
    batch.push_back(event);
  }
  under_way_ = batch.size();
  return batch;
}

void EventPlan::end_batch() {
  OSTLER_ASSERT(under_way_ <= events_.size());
  for (; under_way_ > 0; --under_way_) {
    bytes_ -= events_.front().data.size();
    events_.pop_front();
  }
}

std::optional<std::uint64_t> EventPlan::first_open() const {
  if (events_.empty()) return std::nullopt;
  return static_cast<std::uint64_t>(events_.front().sequence);
}

}  // namespace ostler::uplink
