// SPDX-License-Identifier: Apache-2.0
#include "hub/form_parser.hpp"

#include <strings.h>

#include <utility>

namespace ostler::hub {
namespace {

constexpr std::size_t kMostHeaders = 16u << 10;
constexpr std::size_t kLongestText = 16u << 10;

bool same_letters(std::string_view a, std::string_view b) {
  return a.size() == b.size() && ::strncasecmp(a.data(), b.data(), a.size()) == 0;
}

/// The value of `name="value"` or `name=value` among the parameters of a header.
std::optional<std::string> parameter_in(std::string_view header, std::string_view name) {
  std::size_t at = header.find(';');
  while (at != header.npos) {
    header.remove_prefix(at + 1);
    header.remove_prefix(std::min(header.find_first_not_of(" \t"), header.size()));
    const std::size_t equals = header.find('=');
    if (equals == header.npos) return std::nullopt;
    const bool found = same_letters(header.substr(0, equals), name);
    header.remove_prefix(equals + 1);
    std::string value;
    if (header.starts_with('"')) {
      std::size_t end = 1;
      for (; end < header.size() && header[end] != '"'; ++end) {
        if (header[end] == '\\' && end + 1 < header.size()) ++end;
        value += header[end];
      }
      header.remove_prefix(end);
    } else {
      value = header.substr(0, header.find_first_of("; \t"));
    }
    if (found) return value;
    at = header.find(';');
  }
  return std::nullopt;
}

/// The value of a header among lines that end in CRLF.
std::string_view header_in(std::string_view lines, std::string_view name) {
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, lines.find("\r\n"));
    lines.remove_prefix(std::min(lines.size(), line.size() + 2));
    const std::size_t colon = line.find(':');
    if (colon != line.npos && same_letters(line.substr(0, colon), name)) {
      return line.substr(colon + 1);
    }
  }
  return {};
}

}  // namespace

Result<std::string> FormParser::boundary_in(std::string_view content_type) {
  constexpr std::size_t kLongest = 70;  // RFC 2046, 5.1.1
  const std::string_view kind = content_type.substr(0, content_type.find_first_of("; \t"));
  const auto boundary = parameter_in(content_type, "boundary");
  if (!same_letters(kind, "multipart/form-data") || !boundary || boundary->empty() ||
      boundary->size() > kLongest) {
    return Error(Errc::UserFault,
                 "an upload is a multipart/form-data body with the file in the field \"file\"");
  }
  return *boundary;
}

FormParser::FormParser(std::string boundary, std::string file_field, std::string text_field)
    : delimiter_("\r\n--" + std::move(boundary)),
      file_field_(std::move(file_field)),
      text_field_(std::move(text_field)) {}

Result<void> FormParser::feed(std::string_view bytes, std::string& file) {
  if (place_ == Place::Done) return success();  // what follows the form means nothing
  pending_.append(bytes);
  while (step(file)) {
  }
  if (fault_.empty()) return success();
  return Error(Errc::UserFault, "broken form: " + fault_);
}

/// One step forward; false when more bytes are needed, or none.
bool FormParser::step(std::string& file) {
  switch (place_) {
    case Place::Preamble:
    case Place::Content:
    case Place::Text:
    case Place::Wanted: return take_delimiter(file);
    case Place::Headers: return take_headers();
    case Place::Done: pending_.clear(); return false;
  }
  return false;
}

bool FormParser::take_delimiter(std::string& file) {
  const std::size_t at = pending_.find(delimiter_);
  // Without a delimiter, all is content but a tail that may be the beginning of one.
  const std::size_t sure = at != pending_.npos ? at
                           : pending_.size() < delimiter_.size()
                               ? 0
                               : pending_.size() - delimiter_.size() + 1;
  if (place_ == Place::Wanted) file.append(pending_, 0, sure);
  if (place_ == Place::Text) text_.append(pending_, 0, sure);
  if (text_.size() > kLongestText) {
    fault_ = "the field \"" + text_field_ + "\" is too long";
    return false;
  }
  pending_.erase(0, sure);
  if (at == pending_.npos || pending_.size() < delimiter_.size() + 2) return false;
  const bool last = pending_.compare(delimiter_.size(), 2, "--") == 0;
  if (!last && pending_.compare(delimiter_.size(), 2, "\r\n") != 0) {
    fault_ = "a boundary is followed by other text";
    return false;
  }
  if (place_ == Place::Wanted) seen_whole_ = true;
  place_ = last ? Place::Done : Place::Headers;
  // The CRLF stays: a part without headers begins with the empty line's CRLF.
  pending_.erase(0, delimiter_.size() + (last ? 2 : 0));
  return true;
}

bool FormParser::take_headers() {
  const std::size_t end = pending_.find("\r\n\r\n");
  if (end == pending_.npos) {
    if (pending_.size() > kMostHeaders) fault_ = "the headers of a part are too long";
    return false;
  }
  const std::string_view lines = std::string_view(pending_).substr(0, end);
  place_ = place_of(parameter_in(header_in(lines, "Content-Disposition"), "name").value_or(""));
  pending_.erase(0, end + 4);
  return true;
}

/// Of several parts with one name the first counts.
FormParser::Place FormParser::place_of(std::string_view part) const {
  if (part == file_field_ && !seen_whole_) return Place::Wanted;
  if (!part.empty() && part == text_field_ && text_.empty()) return Place::Text;
  return Place::Content;
}

}  // namespace ostler::hub
