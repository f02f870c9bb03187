// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/error.hpp"

namespace ostler::agent_client {

/// Says once that a kind of call does not get through, once a minute that it still does not, and
/// once that it does again: however many jobs make that call and however often it is tried.
class OutageLog {
 public:
  explicit OutageLog(const Clock& clock) : clock_(clock) {}

  void failed(std::string_view call, const Error& error);
  void worked(std::string_view call);

 private:
  struct Outage {
    std::chrono::nanoseconds said_at{0};  ///< since boot; of the last warning
    std::uint64_t failures = 0;           ///< since the call last worked
    bool said = false;                    ///< whether there was a warning since it last worked
  };

  const Clock& clock_;
  std::map<std::string, Outage, std::less<>> outages_;  ///< by kind of call: about a dozen
};

}  // namespace ostler::agent_client
