// SPDX-License-Identifier: Apache-2.0
#include "agent_client/ask.hpp"

#include "agent_client/status_error.hpp"

namespace ostler::agent_client {

Result<std::string> ask(Transport& transport, std::string_view what, const ApiCall& call,
                        const RetryPolicy& policy, const BodyCheck& check,
                        const RetryClock& clock) {
  auto answer = call_with_retries(transport, call, policy, check, clock);
  if (!answer) return std::move(answer).error().with_context(what);
  const int status = answer.value().status;
  if (status < 200 || status > 299) return error_of_status(what, status, answer.value().body);
  return std::move(answer).value().body;
}

}  // namespace ostler::agent_client
