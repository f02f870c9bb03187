// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ostler/abi.h>

#include <chrono>
#include <cstdint>
#include <exception>
#include <ostler/cpp/call.hpp>

namespace ostler {

/// How often Services::retry tries, and how long it waits; see ostler_retry_policy.
struct Retries {
  int most_attempts = 5;
  std::chrono::nanoseconds first_delay = std::chrono::seconds(1);
  std::chrono::nanoseconds most_delay = std::chrono::minutes(1);
};

namespace detail {

/// What ostler_clock calls with each number, and the exception that its last call ended with.
template <class Attempt>
struct Repeated {
  Attempt& attempt;
  std::exception_ptr thrown = {};

  static ostler_status_t once(void* context, std::int32_t number) noexcept {
    Repeated& repeated = *static_cast<Repeated*>(context);
    repeated.thrown = nullptr;
    try {
      repeated.attempt(number);
      return OSTLER_OK;
    } catch (const CallFailed& failure) {
      repeated.thrown = std::current_exception();
      return failure.status();
    } catch (...) {
      repeated.thrown = std::current_exception();
      return OSTLER_FAILED;
    }
  }
};

}  // namespace detail

}  // namespace ostler
