// SPDX-License-Identifier: Apache-2.0
#include "agent_client/call_with_retries.hpp"

#include <thread>

namespace ostler::agent_client {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

bool is_good(const ApiAnswer& answer) { return answer.status >= 200 && answer.status < 300; }

Result<ApiAnswer> checked(Result<ApiAnswer> answer, const BodyCheck& check) {
  if (!check || !answer || !is_good(answer.value())) return answer;
  auto usable = check(answer.value().body);
  if (usable) return answer;
  return std::move(usable).error().with_retryable(true);
}

}  // namespace

RetryClock RetryClock::system() {
  return {[](milliseconds wait) { std::this_thread::sleep_for(wait); },
          [] {
            return std::chrono::duration_cast<milliseconds>(steady_clock::now().time_since_epoch());
          }};
}

Result<ApiAnswer> call_with_retries(Transport& transport, const ApiCall& call,
                                    const RetryPolicy& policy, const BodyCheck& check,
                                    const RetryClock& clock) {
  Attempts attempts(policy, jitter);
  const milliseconds begun = clock.now();
  for (;;) {
    auto answer = checked(transport.call(call), check);
    if (answer && is_good(answer.value())) return answer;
    const Failure failure =
        answer ? failure_of_status(answer.value().status) : failure_of(answer.error());
    const auto wait = attempts.next(failure, clock.now() - begun);
    if (!wait) return answer;
    clock.sleep(*wait);
  }
}

}  // namespace ostler::agent_client
