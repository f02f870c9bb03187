// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/lock_call.hpp"

#include <algorithm>
#include <charconv>

#include "wire/agent_api_plugin_locks.hpp"

namespace ostler::plugin_host {

using std::chrono::milliseconds;

namespace {

constexpr std::string_view kLockMethods = "ostler.lock/1/";
constexpr milliseconds kLongestLockWait = std::chrono::days(365);  // no job lives that long

Result<milliseconds> lock_wait(const std::string& text) {
  std::int64_t wait = 0;
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, wait);
  if (read.ec != std::errc() || read.ptr != end || wait < -1) {
    return Error(Errc::UserFault,
                 "the longest wait for a lock is a number of milliseconds, or -1: " + text);
  }
  return std::min(milliseconds(wait), kLongestLockWait);
}

}  // namespace

bool is_lock_call(std::string_view method) { return method.starts_with(kLockMethods); }

Result<LockCall> read_lock_call(const std::string& method,
                                const std::vector<std::string>& arguments) {
  const std::string_view what = std::string_view(method).substr(kLockMethods.size());
  LockCall call;
  call.is_acquire = what == "acquire";
  if (!call.is_acquire && what != "release") {
    return Error(Errc::NotFound, "this host has no call " + method);
  }
  const std::size_t wanted = call.is_acquire ? 2 : 1;
  if (arguments.size() != wanted) {
    return Error(Errc::UserFault, method + " takes " + std::to_string(wanted) + " arguments, not " +
                                      std::to_string(arguments.size()));
  }
  call.name = arguments[0];
  OSTLER_TRY(wire::check_lock_name(call.name));
  if (!call.is_acquire) return call;
  OSTLER_TRY(call.longest, lock_wait(arguments[1]));
  return call;
}

}  // namespace ostler::plugin_host
