// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

// Values that a step plugin keeps for later runs. Each write gives a value a new revision, a number
// that only grows; a writer names the one that it has read and is refused when somebody was faster.
namespace ostler::model {

inline constexpr std::size_t kLongestStateKey = 256;           // bytes
inline constexpr std::size_t kLongestStateValue = 64u * 1024;  // bytes
/// Of one pipeline, of one host or of a cluster; those of all plugins together.
inline constexpr std::int64_t kMostStateKeys = 1'000;

/// Whose runs see a value.
enum class StateScope : std::uint8_t {
  Pipeline = 0,    ///< those of the job's pipeline
  Host = 1,        ///< those on the job's host, by its name, in the job's cluster
  Everywhere = 2,  ///< those of the job's cluster
};
std::string_view name_of(StateScope scope);
/// Errors: UserFault.
Result<StateScope> state_scope_of(std::string_view name);

struct StateKey {
  StateScope scope = StateScope::Pipeline;
  std::string plugin{};  ///< each has keys of its own
  std::string key{};
};

/// Whether a value can be kept there. Errors: UserFault.
Result<void> check(const StateKey& at);
/// Whether keys may begin so; nothing is a begin of all. Errors: UserFault.
Result<void> check_begin(const StateKey& at);
/// Errors: UserFault.
Result<void> check_state_value(std::string_view value);

}  // namespace ostler::model
