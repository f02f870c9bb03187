// SPDX-License-Identifier: Apache-2.0
#include "wire/agent_api_plugin_locks.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "wire/json_reader.hpp"

namespace ostler::wire {
namespace {

using nlohmann::json;

constexpr std::size_t kLongestLockRequest = 64;

bool is_of_lock_name(char c) {
  const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  return is_letter || (c >= '0' && c <= '9') ||
         std::string_view("._-/:@").find(c) != std::string_view::npos;
}

void read_lock_request(ObjectReader& reader, std::string& request) {
  reader.read("request", request);
  const bool is_known = !request.empty() && request.size() <= kLongestLockRequest;
  reader.require(is_known, "request", "a text of 1 to 64 bytes");
}

}  // namespace

Result<void> check_lock_name(std::string_view name) {
  const bool is_sized = !name.empty() && name.size() <= kLongestLockName;
  if (is_sized && std::ranges::all_of(name, is_of_lock_name)) return success();
  return Error(Errc::UserFault,
               "the name of a lock has 1 to 256 letters, digits and characters of ._-/:@; this is "
               "none: " +
                   std::string(name));
}

std::string encode(const LockRequest& request) {
  return to_text({{"name", request.name}, {"request", request.request}});
}

Result<LockRequest> decode_lock_request(std::string_view text) {
  OSTLER_TRY(const auto object, parse_json(text, "lock"));
  ObjectReader reader(object, "lock");
  LockRequest request;
  reader.read("name", request.name);
  read_lock_request(reader, request.request);
  OSTLER_TRY(reader.finish());
  OSTLER_TRY(check_lock_name(request.name));
  return request;
}

std::string encode(const LockAnswer& answer) {
  if (answer.fence) return to_text({{"fence", *answer.fence}});
  return to_text({{"holder", answer.holder}, {"ahead", answer.ahead}});
}

Result<LockAnswer> decode_lock_answer(std::string_view text) {
  OSTLER_TRY(const auto object, parse_json(text, "answer about a lock"));
  ObjectReader reader(object, "answer about a lock");
  LockAnswer answer;
  reader.read("fence", answer.fence);
  reader.read("holder", answer.holder);
  reader.read("ahead", answer.ahead);
  OSTLER_TRY(reader.finish());
  return answer;
}

std::string encode_lock_leave(std::string_view request) { return to_text({{"request", request}}); }

Result<std::string> decode_lock_leave(std::string_view text) {
  OSTLER_TRY(const auto object, parse_json(text, "lock"));
  ObjectReader reader(object, "lock");
  std::string request;
  read_lock_request(reader, request);
  OSTLER_TRY(reader.finish());
  return request;
}

}  // namespace ostler::wire
