// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "plugin_host/schema_patterns.hpp"

// What one use of the schema library may cost.
namespace ostler::plugin_host {

/// Nothing is wrong with a value as far as is known.
struct OutOfBounds : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Bounds one use of the library. What it throws goes through the library to its caller here.
class Bounds {
 public:
  Bounds() : bottom_(here()) {}

  /// Throws OutOfBounds when the library stands too deep on the stack.
  void check_depth() const;
  /// Steps are schemas that values are held against, and what costs about as much. Throws
  /// OutOfBounds when there are too few left; so do the others.
  void pay(std::int64_t steps);
  /// For values compared, many of which make a step.
  void pay_for_compared(std::int64_t count);
  /// For a name looked up.
  void pay_for_name();
  void pay_for_text(std::size_t bytes);
  /// For the place of a value, which the library copies wherever it goes.
  void pay_for_place(const std::vector<std::string>& context);
  bool is_found(const std::string& pattern, const std::string& text);

 private:
  static std::uintptr_t here() {
    return reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
  }

  /// Half a second.
  static constexpr std::int64_t kMostSteps = 200'000;

  const std::uintptr_t bottom_;
  std::int64_t steps_left_ = kMostSteps;
  std::int64_t compared_ = 0;  ///< that are not yet paid for
  SchemaPatterns patterns_;
};

}  // namespace ostler::plugin_host
