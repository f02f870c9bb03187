// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "model/plugin_state.hpp"

// The bodies of `POST jobs/:id/ostler/state/...`, with which our hub keeps values for step plugins.
// Decoders answer Errc::Protocol as those of wire/agent_api.hpp, and what model::check says.
namespace ostler::wire {

/// What the server keeps for step plugins, in its answer to accept: "state".
inline constexpr std::string_view kServicesHeader = "Ostler-Services";
inline constexpr std::string_view kStateService = "state";
/// A value has another revision than its writer names.
inline constexpr int kRevisionConflict = 412;
/// A scope is full.
inline constexpr int kScopeFull = 413;

struct StateChange {
  model::StateKey at;
  std::optional<std::string> value{};  ///< none: it is deleted
  /// The revision that it has; 0: there must be none; none: whatever it has.
  std::optional<std::int64_t> expected{};
  /// The same in each attempt: a repeat of what was done is no conflict. Never empty.
  std::string request{};
};

struct StateValue {
  std::string value{};
  std::int64_t revision = 0;
};

std::string encode(const model::StateKey& at);
Result<model::StateKey> decode_state_key(std::string_view json);
/// The same where the key is the begin of those that are wanted.
Result<model::StateKey> decode_state_begin(std::string_view json);

std::string encode(const StateChange& change);
Result<StateChange> decode_state_change(std::string_view json);

std::string encode(const StateValue& value);
Result<StateValue> decode_state_value(std::string_view json);

std::string encode_revision(std::int64_t revision);
Result<std::int64_t> decode_revision(std::string_view json);

}  // namespace ostler::wire
