// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "cli/hub_streams.hpp"
#include "net/async_event.hpp"
#include "wire/rest_event_answers.hpp"

namespace ostler::cli {

/// Keeps a build as the hub has it, until it has finished: by its events, or by asking again and
/// again where a server has none.
class BuildFeed {
 public:
  class Listener {
   public:
    virtual ~Listener() = default;
    virtual void build_changed(const wire::RestBuildAnswer& build) = 0;
    /// The hub is waited for. `words` tell it to people: HubStreams::Away.
    virtual void hub_is_away(const std::string& words) = 0;
  };

  /// `streams` and `listener` outlive it.
  BuildFeed(HubStreams& streams, const boost::asio::any_io_executor& executor,
            wire::RestBuildAnswer build, Listener& listener)
      : streams_(streams), wanted_(executor), build_(std::move(build)), listener_(listener) {}

  /// Returns when the build has finished and is known as it is then.
  /// Errors, cancel: those of HubStreams.
  boost::asio::awaitable<Result<void>> run();
  const wire::RestBuildAnswer& build() const { return build_; }

 private:
  boost::asio::awaitable<Result<bool>> follow();
  boost::asio::awaitable<Result<void>> poll();
  boost::asio::awaitable<void> refresh_when_wanted();
  boost::asio::awaitable<Result<void>> refresh();
  Result<void> take(const std::vector<net::ServerEvent>& events);
  std::string path() const;
  HubStreams::Away away() {
    return [this](const std::string& words) { listener_.hub_is_away(words); };
  }

  HubStreams& streams_;
  net::AsyncEvent wanted_;  ///< a job came that is not known
  wire::RestBuildAnswer build_;
  Listener& listener_;
  net::SystemTimers timers_;
  std::int64_t last_event_ = 0;  ///< that `build_` knows
  bool is_refreshing_ = false;
  std::vector<wire::RestEventAnswer> meanwhile_;  ///< came while the build was being got
};

}  // namespace ostler::cli
