// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace ostler::hub {

/// Finds the file in a multipart/form-data body that comes in pieces of any size. Holds no more of
/// it than a boundary or the headers of a part. Source: RFC 7578.
class FormParser {
 public:
  /// The boundary that a Content-Type names. Errors: UserFault when it is no form.
  static Result<std::string> boundary_in(std::string_view content_type);

  /// `field` is the name of the part that holds the file.
  FormParser(std::string boundary, std::string field);

  /// Takes the next piece of the body; what it holds of the file is appended to `file`.
  /// Errors: UserFault when the form is broken or the headers of a part are too long.
  Result<void> feed(std::string_view bytes, std::string& file);

  /// Whether the file's part has been seen to its end.
  bool is_complete() const { return seen_whole_; }

 private:
  enum class Place { Preamble, Headers, Content, Wanted, Done };

  bool step(std::string& file);
  bool take_delimiter(std::string& file);
  bool take_headers();

  std::string delimiter_;  ///< CRLF, two hyphens, the boundary
  std::string field_;
  std::string pending_ = "\r\n";  ///< so that a boundary at the very beginning is one
  Place place_ = Place::Preamble;
  bool seen_whole_ = false;
  std::string fault_;
};

}  // namespace ostler::hub
