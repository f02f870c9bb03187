// SPDX-License-Identifier: Apache-2.0
#include "wire/lock_api.hpp"

#include <nlohmann/json.hpp>

#include "wire/json_reader.hpp"

namespace ostler::wire {

using nlohmann::json;

std::string encode(const LockSwap& swap) {
  return to_text({{"old", swap.expected}, {"new", swap.next}});
}

Result<LockSwap> decode_lock_swap(std::string_view text) {
  OSTLER_TRY(const auto object, parse_json(text, "lock request"));
  ObjectReader reader(object, "lock request");
  LockSwap swap;
  reader.read("old", swap.expected);
  reader.read("new", swap.next);
  OSTLER_TRY(reader.finish());
  return swap;
}

std::string encode_lock_swapped(const LockState& state) {
  return to_text({{"value", state.value}, {"swapped", state.swapped}});
}

std::string encode_lock_value(const std::string& value) {
  return to_text(json::object({{"value", value}}));
}

Result<LockState> decode_lock_state(std::string_view text) {
  OSTLER_TRY(const auto object, parse_json(text, "lock answer"));
  ObjectReader reader(object, "lock answer");
  LockState state;
  reader.read("value", state.value);
  reader.read("swapped", state.swapped);
  OSTLER_TRY(reader.finish());
  return state;
}

std::string encode_leader_ping(Timestamp now) {
  return to_text(json::object({{"now", format_rfc3339(now, 6)}}));
}

std::string encode_lock_error(std::string_view text) {
  return to_text(json::object({{"error", text}}));
}

std::string encode(const LockFile& file) {
  json locks = json::array();
  for (const auto& [key, value] : file.locks) locks.push_back({{"key", key}, {"value", value}});
  return to_text({{"boot_id", file.boot_id}, {"locks", std::move(locks)}});
}

Result<LockFile> decode_lock_file(std::string_view text) {
  OSTLER_TRY(const auto object, parse_json(text, "lock file"));
  ObjectReader reader(object, "lock file");
  LockFile file;
  reader.read("boot_id", file.boot_id);
  if (const json* locks = reader.array("locks")) {
    for (const json& item : *locks) {
      ObjectReader lock(item, "lock file: field locks");
      auto& [key, value] = file.locks.emplace_back();
      lock.read("key", key);
      lock.read("value", value);
      OSTLER_TRY(lock.finish());
    }
  }
  OSTLER_TRY(reader.finish());
  return file;
}

}  // namespace ostler::wire
