// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "model/user.hpp"

// Steps that wait for a person: a block, which stops what comes after it, and an input, which
// stops nothing but the end of the build. Source: reference/pipeline-yaml.md 5.
namespace ostler::model {

/// As what a build passes while it waits for a person alone. The numbers are stored: append, never
/// renumber.
enum class BlockedState : std::uint8_t { Passed = 1, Failed = 2, Running = 3 };

/// "passed". Source: rest-api, 9.2.
std::string_view to_string(BlockedState state);

enum class GateFieldKind : std::uint8_t { Text, Select };

struct GateOption {
  std::string label;
  std::string value;

  friend bool operator==(const GateOption&, const GateOption&) = default;
};

/// One thing that the person is asked.
struct GateField {
  GateFieldKind kind = GateFieldKind::Text;
  std::string key;    ///< under which the answer becomes meta-data of the build
  std::string label;  ///< what is asked
  std::string hint;   ///< empty: none
  bool is_required = true;
  /// What holds where nothing is said; of a select values of its options, several only of one that
  /// takes several. Empty: none.
  std::vector<std::string> defaults;
  std::string format;               ///< a regular expression that the whole text matches; of a text
  std::vector<GateOption> options;  ///< of a select: at least one, their values differ
  bool is_multiple = false;         ///< of a select: several may be chosen

  friend bool operator==(const GateField&, const GateField&) = default;
};

struct Gate {
  std::string prompt;               ///< empty: none
  std::string submit = "Continue";  ///< what the button says
  std::vector<GateField> fields;    ///< their keys differ
  BlockedState blocked_state = BlockedState::Passed;
  std::vector<std::string> allowed_teams;  ///< slugs or ids

  friend bool operator==(const Gate&, const Gate&) = default;
};

/// Who let a gate open, and when.
struct Unblocking {
  std::optional<User> by;  ///< none: a user who is gone
  Timestamp at;
};

}  // namespace ostler::model
