// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace ostler::report {

inline constexpr std::size_t kLongestShownName = 256;
inline constexpr std::size_t kLongestShownMessage = 512;

/// The first line of `text` that is not blank, without blanks around it: UTF-8, control characters
/// as spaces, wrong bytes as U+FFFD. What has more lines, or is longer than `longest` bytes, ends
/// in wire::kCutMark behind what is shown.
std::string shown_text(std::string_view text, std::size_t longest);

/// Items of a summary, until one does not fit in any more: how long it is stays bounded, whatever
/// the items are.
class BoundedList {
 public:
  explicit BoundedList(std::size_t most_items);
  ~BoundedList();
  BoundedList(const BoundedList&) = delete;
  BoundedList& operator=(const BoundedList&) = delete;

  bool is_full() const { return is_full_; }
  void add(nlohmann::json item);
  nlohmann::json take() &&;

 private:
  const std::size_t most_items_;
  std::size_t bytes_ = 0;
  bool is_full_ = false;
  std::unique_ptr<nlohmann::json> items_;
};

}  // namespace ostler::report
