// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace ostler::agent_client {

/// Header names and values; names in any letter case.
using ApiHeaders = std::vector<std::pair<std::string, std::string>>;

/// One Agent API request, without host and token: those belong to the transport.
struct ApiCall {
  std::string method;
  std::string path;      ///< relative to the endpoint, without a leading slash, query included
  std::string body;      ///< JSON, or empty for none
  std::string uuid;      ///< names the call; a repeat of the same call carries the same one
  ApiHeaders headers{};  ///< of this call only; the agent between a job and its server drops them
  std::chrono::milliseconds time_left{0};  ///< what it may take over HTTP; zero: as long as others
};

/// What the server said. Any status is an answer; only a missing one is an Error.
struct ApiAnswer {
  int status = 0;
  std::string body;
  ApiHeaders headers{};  ///< those that a caller may need: Content-Type, Location, Retry-After
};

/// Carries a call to the server and its answer back. The caller decides whether to try again.
class Transport {
 public:
  virtual ~Transport() = default;
  /// Blocks until the answer is here.
  /// Errors: Unavailable (retryable) when nobody answers; Timeout; Protocol; Denied.
  virtual Result<ApiAnswer> call(const ApiCall& call) = 0;
};

}  // namespace ostler::agent_client
