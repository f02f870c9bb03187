// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace ostler::wire {

/// The text in a field; empty when `value` is no object, or the field absent or no text.
std::string text_in(const nlohmann::json& value, const char* key);

/// Gives `take` the items of an array, until one fails. `what` names it in faults: "agents".
/// Errors: Protocol; those of `take`.
Result<void> for_each_item(std::string_view text, std::string_view what,
                           const std::function<Result<void>(const nlohmann::json&)>& take);

/// The items of an array, each read. Errors: as for_each_item.
template <class Item>
Result<std::vector<Item>> decode_list(std::string_view text, std::string_view what,
                                      Result<Item> (*read)(const nlohmann::json&)) {
  std::vector<Item> items;
  OSTLER_TRY(for_each_item(text, what, [&](const nlohmann::json& one) -> Result<void> {
    OSTLER_TRY(Item item, read(one));
    items.push_back(std::move(item));
    return success();
  }));
  return items;
}

}  // namespace ostler::wire
