// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "agent_client/retry.hpp"
#include "agent_client/transport.hpp"

namespace ostler::agent_client {

/// Waits between attempts, and tells the time; a test puts its own in place.
struct RetryClock {
  std::function<void(std::chrono::milliseconds)> sleep;
  std::function<std::chrono::milliseconds()> now;
  /// Hears a sentence when a call is tried again for the first time, for whoever waits; may be
  /// empty.
  std::function<void(const std::string& sentence)> tell = {};

  static RetryClock system();
  /// The system's, with someone to tell.
  static RetryClock telling(std::function<void(const std::string& sentence)> tell);
};

/// The sentence for `tell`: what came instead of a good answer, and how often the call is made.
std::string retry_sentence(const Result<ApiAnswer>& answer, const RetryPolicy& policy);

/// Whether a good answer's body can be used.
using BodyCheck = std::function<Result<void>(const std::string& body)>;

/// Makes a call of an in-job command as often as `policy` says: the answer, which after the last
/// attempt may be an error status, or why there is none. A good status with a body that `check`
/// does not take is tried again like a lost answer. Blocks.
Result<ApiAnswer> call_with_retries(Transport& transport, const ApiCall& call,
                                    const RetryPolicy& policy, const BodyCheck& check = {},
                                    const RetryClock& clock = RetryClock::system());

}  // namespace ostler::agent_client
