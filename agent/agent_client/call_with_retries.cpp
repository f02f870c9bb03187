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
          },
          {}};
}

RetryClock RetryClock::telling(std::function<void(const std::string&)> tell) {
  RetryClock clock = system();
  clock.tell = std::move(tell);
  return clock;
}

std::string retry_sentence(const Result<ApiAnswer>& answer, const RetryPolicy& policy) {
  const std::string cause = answer ? "the server answered " + std::to_string(answer.value().status)
                                   : answer.error().message();
  return cause + "; trying again, " + std::to_string(policy.attempts) + " times in all";
}

Result<ApiAnswer> call_with_retries(Transport& transport, const ApiCall& call,
                                    const RetryPolicy& policy, const BodyCheck& check,
                                    const RetryClock& clock) {
  Attempts attempts(policy, jitter);
  const milliseconds begun = clock.now();
  ApiCall attempt = call;
  for (;;) {
    attempt.time_left = attempts.time_left(clock.now() - begun);
    auto answer = checked(transport.call(attempt), check);
    if (answer && is_good(answer.value())) return answer;
    const Failure failure =
        answer ? failure_of_status(answer.value().status) : failure_of(answer.error());
    const auto wait = attempts.next(failure, clock.now() - begun);
    if (!wait) return answer;
    if (attempts.failed() == 1 && clock.tell) clock.tell(retry_sentence(answer, policy));
    clock.sleep(*wait);
  }
}

}  // namespace ostler::agent_client
