// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ostler::wire {

/// One fault of a request's body. `value` is the JSON text of what was sent; empty: none.
struct RestFieldError {
  /// Where in a text that was sent.
  struct Place {
    int line = 0;           ///< counted from 1, as columns are; 0: nowhere in particular
    int column = 0;         ///< in bytes
    std::string excerpt{};  ///< the line, below it a caret under the place
  };

  std::string field;
  std::string code;
  std::string value = {};
  Place place = {};
};

/// {"message": ...}: the body of every error.
std::string encode_rest_error(std::string_view message);
/// {"message": "Validation Failed", "errors": [...]}.
std::string encode_rest_validation(const std::vector<RestFieldError>& errors);
/// "Validation failed: Name is missing, Key has already been taken".
std::string rest_validation_sentence(const std::vector<RestFieldError>& errors);

}  // namespace ostler::wire
