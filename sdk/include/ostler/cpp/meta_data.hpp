// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ostler/services.h>

#include <optional>
#include <ostler/cpp/call.hpp>
#include <string>
#include <string_view>
#include <utility>

namespace ostler {

/// Keys of the build; see ostler/services.h. Its functions throw CallFailed.
class MetaData {
 public:
  explicit MetaData(const ostler_host_t* host) : host_(host) {}

  /// None: there is no such key.
  std::optional<std::string> get(std::string_view key) const {
    detail::Kept value;
    detail::Kept error;
    const auto status = ostler_meta_data_get(host_, to_text(key), value.sink(), error.sink());
    if (status == OSTLER_NOT_FOUND) return std::nullopt;
    detail::require(status, error);
    return std::move(value).text();
  }
  void set(std::string_view key, std::string_view value) const {
    detail::Kept error;
    detail::require(ostler_meta_data_set(host_, to_text(key), to_text(value), error.sink()), error);
  }
  bool has(std::string_view key) const {
    detail::Kept value;
    detail::Kept error;
    detail::require(ostler_meta_data_exists(host_, to_text(key), value.sink(), error.sink()),
                    error);
    return value.text() == "1";
  }
  /// A JSON array.
  std::string keys() const {
    detail::Kept value;
    detail::Kept error;
    detail::require(ostler_meta_data_keys(host_, value.sink(), error.sink()), error);
    return std::move(value).text();
  }

 private:
  const ostler_host_t* host_;
};

}  // namespace ostler
