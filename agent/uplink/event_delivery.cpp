// SPDX-License-Identifier: Apache-2.0
#include "uplink/event_delivery.hpp"

#include <cstddef>
#include <iterator>
#include <utility>

#include "diag/log.hpp"

namespace ostler::uplink {
namespace {

/// A server that refuses so many parts of one batch refuses more than a few events of it.
constexpr int kMostRefusals = 64;

/// Whether the call was refused for its content; else each part of it would be, too.
bool is_about_content(const Error& error) {
  return error.native() == 400 || error.native() == 413 || error.native() == 422;
}

/// What is not yet told of a batch.
class EventParts {
 public:
  explicit EventParts(std::vector<wire::JobEvent> all) { parts_.push_back(std::move(all)); }

  bool is_empty() const { return parts_.empty(); }
  const std::vector<wire::JobEvent>& next() const { return parts_.back(); }
  void drop_next() { parts_.pop_back(); }
  /// Puts the halves of the next part in its place, in their order.
  void halve_next() {
    std::vector<wire::JobEvent> first = std::move(parts_.back());
    const auto middle = first.begin() + std::ssize(first) / 2;
    parts_.back().assign(std::make_move_iterator(middle), std::make_move_iterator(first.end()));
    first.erase(middle, first.end());
    parts_.push_back(std::move(first));
  }

 private:
  std::vector<std::vector<wire::JobEvent>> parts_;  ///< the next one at the back
};

}  // namespace

boost::asio::awaitable<Result<void>> deliver_events(agent_client::AgentApi& api,
                                                    agent_client::Peer peer, std::string job,
                                                    std::vector<wire::JobEvent> events) {
  EventParts parts(std::move(events));
  Error last(Errc::Internal, "");
  std::size_t lost = 0;
  for (int refusals = 0; !parts.is_empty();) {
    const auto told = co_await api.send_events(peer, job, parts.next());
    if (!told && told.error().code() == Errc::Cancelled) co_return told.error();
    const bool may_be_some = !told && is_about_content(told.error()) && ++refusals < kMostRefusals;
    if (may_be_some && parts.next().size() > 1) {
      parts.halve_next();
      continue;
    }
    if (!told) {
      last = told.error();
      lost += parts.next().size();
    }
    parts.drop_next();
  }
  if (lost > 0) {
    diag::error("events of the job are lost",
                {{"job", job}, {"events", std::to_string(lost)}, {"error", last.message()}});
  }
  co_return success();
}

}  // namespace ostler::uplink
