// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/report_table.hpp"

#include <algorithm>

#include "plugin_host/json_value.hpp"

namespace ostler::plugin_host {
namespace {

using Type = JsonValue::Type;

constexpr std::size_t kLongestTable = 64u << 10;  // bytes
constexpr std::size_t kMostColumns = 32;
constexpr std::size_t kMostRows = 500;
constexpr int kTableDepth = 3;

Error no_table(const std::string& why) { return {Errc::UserFault, "no table: " + why}; }

Result<void> check_columns(const JsonValue* columns) {
  const auto is_name = [](const JsonValue& item) {
    return item.type == Type::String && !item.text.empty();
  };
  const bool fits = columns != nullptr && columns->type == Type::Array && !columns->items.empty() &&
                    columns->items.size() <= kMostColumns;
  if (fits && std::ranges::all_of(columns->items, is_name)) return success();
  return no_table("\"columns\" is a list of 1 to 32 names");
}

Result<void> check_rows(const JsonValue* rows, std::size_t columns) {
  if (rows == nullptr || rows->type != Type::Array || rows->items.size() > kMostRows) {
    return no_table("\"rows\" is a list of at most 500 lists");
  }
  const auto is_cell = [](const JsonValue& item) {
    return item.type != Type::Array && item.type != Type::Object;
  };
  for (std::size_t at = 0; at < rows->items.size(); ++at) {
    const JsonValue& row = rows->items[at];
    const bool fits = row.type == Type::Array && row.items.size() == columns;
    if (fits && std::ranges::all_of(row.items, is_cell)) continue;
    return no_table("row " + std::to_string(at + 1) +
                    " is no list of a text, a number, a boolean or null for each column");
  }
  return success();
}

}  // namespace

Result<std::string> checked_table(const std::string& json) {
  if (json.size() > kLongestTable) return no_table("it is longer than 64 KiB");
  OSTLER_TRY(const JsonValue table,
             parse_json(json, {.size = kLongestTable, .depth = kTableDepth}));
  if (table.type != Type::Object || table.members.size() != 2) {
    return no_table("it has \"columns\" and \"rows\", and nothing else");
  }
  const JsonValue* columns = table.member("columns");
  OSTLER_TRY(check_columns(columns));
  OSTLER_TRY(check_rows(table.member("rows"), columns->items.size()));
  return canonical_json(table);
}

}  // namespace ostler::plugin_host
