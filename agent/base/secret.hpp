// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace ostler {

/// A text that must not be shown: no stream operator, no JSON, wiped when it goes.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}
  Secret(const Secret&) = default;
  Secret(Secret&&) = default;
  Secret& operator=(const Secret&) = default;
  Secret& operator=(Secret&&) = default;
  ~Secret();

  /// The text itself, for the one place that must send or store it.
  const std::string& reveal() const { return text_; }
  bool empty() const { return text_.empty(); }

 private:
  std::string text_;
};

/// Whether two texts are equal, in a time that depends on their sizes only.
bool equal_in_constant_time(std::string_view a, std::string_view b);

}  // namespace ostler
