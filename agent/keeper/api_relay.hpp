// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "supervise/codec.hpp"

namespace ostler::keeper {

/// The job's calls of the Agent API that wait for an answer. They outlive agents: each new one is
/// sent all of them. Bounded: what does not fit is answered 503 at once, which callers retry.
class ApiRelay {
 public:
  static constexpr std::size_t kMaxRequests = 256;
  static constexpr std::size_t kMaxBytes = 16u << 20;

  /// Keeps a request of the worker; whether there was room. Errors: Protocol.
  Result<bool> take_request(std::string_view payload);
  /// Whether somebody waits for this answer, which ends the waiting. Errors: Protocol.
  Result<bool> take_reply(std::string_view payload);
  /// The answer to a request that did not fit.
  static Result<std::string> refusal(std::string_view payload);

  /// Payloads of the waiting requests, oldest first, by id.
  const std::map<std::uint64_t, std::string>& waiting() const { return waiting_; }

 private:
  std::map<std::uint64_t, std::string> waiting_;
  std::size_t bytes_ = 0;
};

}  // namespace ostler::keeper
