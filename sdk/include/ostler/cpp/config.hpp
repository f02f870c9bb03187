// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ostler/abi.h>

#include <cstdint>
#include <ostler/cpp/call.hpp>
#include <string>
#include <string_view>
#include <utility>

namespace ostler {

/// The step's configuration. A pointer is a JSON pointer, such as "/servers/0/name".
class ConfigReader {
 public:
  ConfigReader(const ostler_host_t* host, const ostler_config_t* table)
      : host_(host), table_(table) {}

  bool has(std::string_view pointer) const {
    ostler_json_type_t type = 0;
    return table_->type(host_, to_text(pointer), &type, nullptr) == OSTLER_OK;
  }
  std::string text(std::string_view pointer) const { return read(table_->text, pointer); }
  std::string json(std::string_view pointer) const { return read(table_->json, pointer); }
  std::int64_t integer(std::string_view pointer) const {
    return number<std::int64_t>(table_->integer, pointer);
  }
  bool boolean(std::string_view pointer) const {
    return number<std::int32_t>(table_->boolean, pointer) != 0;
  }
  std::uint64_t count(std::string_view pointer) const {
    return number<std::uint64_t>(table_->count, pointer);
  }
  std::string key(std::string_view pointer, std::uint64_t index) const {
    detail::Kept value;
    detail::Kept error;
    detail::require(table_->key(host_, to_text(pointer), index, value.sink(), error.sink()), error);
    return std::move(value).text();
  }

 private:
  template <class Function>
  std::string read(Function function, std::string_view pointer) const {
    detail::Kept value;
    detail::Kept error;
    detail::require(function(host_, to_text(pointer), value.sink(), error.sink()), error);
    return std::move(value).text();
  }
  template <class Number, class Function>
  Number number(Function function, std::string_view pointer) const {
    Number value = 0;
    detail::Kept error;
    detail::require(function(host_, to_text(pointer), &value, error.sink()), error);
    return value;
  }

  const ostler_host_t* host_;
  const ostler_config_t* table_;
};

}  // namespace ostler
