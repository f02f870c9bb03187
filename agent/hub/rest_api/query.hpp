// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace ostler::rest_api {

/// The decoded parameters of a URL's query.
class Query {
 public:
  using Parameters = std::vector<std::pair<std::string, std::string>>;

  Query() = default;
  explicit Query(Parameters parameters) : parameters_(std::move(parameters)) {}

  /// The last value of `name`; none when it is absent or empty.
  std::optional<std::string> value(std::string_view name) const;
  /// The non-empty values of `name` and of "name[]", in their order.
  std::vector<std::string> values(std::string_view name) const;
  /// Whether `name` says yes ("true", "1", "yes" in any letter case) or no ("false", "0", "no");
  /// `otherwise` stands for an absent or unreadable value.
  bool flag(std::string_view name, bool otherwise) const;
  /// The time that `name` gives; none when it is absent.
  /// Errors: UserFault when it is not ISO 8601.
  Result<std::optional<Timestamp>> time(std::string_view name) const;
  /// Pairs (key, value) of "name[key]=value", in their order.
  Parameters entries(std::string_view name) const;

  /// Every parameter but those of `names`, percent-encoded, each segment "key=value".
  std::string without(std::initializer_list<std::string_view> names) const;
  /// The query with `page` set to `page`, percent-encoded, each segment "key=value".
  std::string with_page(std::int64_t page) const;

 private:
  Parameters parameters_;
};

}  // namespace ostler::rest_api
