// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace ostler::hub {

/// Finds the file in a multipart/form-data body that comes in pieces of any size, and one field of
/// text. Holds no more of the body than a boundary, the headers of a part and that text.
/// Source: RFC 7578.
class FormParser {
 public:
  /// The boundary that a Content-Type names. Errors: UserFault when it is no form.
  static Result<std::string> boundary_in(std::string_view content_type);

  /// The names of the part that holds the file and of the one whose text is wanted; empty: none.
  FormParser(std::string boundary, std::string file_field, std::string text_field = "");

  /// Takes the next piece of the body; what it holds of the file is appended to `file`.
  /// Errors: UserFault when the form is broken, or when the headers of a part or
  /// the text are too long.
  Result<void> feed(std::string_view bytes, std::string& file);

  /// Whether the file's part has been seen to its end.
  bool is_complete() const { return seen_whole_; }
  /// What has been seen of the wanted text so far: all of it once another part has begun.
  const std::string& text() const { return text_; }

 private:
  enum class Place { Preamble, Headers, Content, Text, Wanted, Done };

  bool step(std::string& file);
  bool take_delimiter(std::string& file);
  bool take_headers();
  Place place_of(std::string_view part) const;

  std::string delimiter_;  ///< CRLF, two hyphens, the boundary
  std::string file_field_;
  std::string text_field_;
  std::string pending_ = "\r\n";  ///< so that a boundary at the very beginning is one
  Place place_ = Place::Preamble;
  bool seen_whole_ = false;
  std::string text_;
  std::string fault_;
};

}  // namespace ostler::hub
