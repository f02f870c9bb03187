// SPDX-License-Identifier: Apache-2.0
#include "hub/rest_api/log_range.hpp"

#include <charconv>
#include <limits>

namespace ostler::rest_api {
namespace {

constexpr std::string_view kSuffixRange = "bytes=-";

/// The first media type of an Accept header that is one of a log's forms.
std::string_view take_media_type(std::string_view& accept) {
  std::string_view type = accept.substr(0, accept.find(','));
  accept.remove_prefix(std::min(accept.size(), type.size() + 1));
  type = type.substr(0, type.find(';'));
  const std::size_t begin = type.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return type.substr(begin, type.find_last_not_of(" \t") - begin + 1);
}

}  // namespace

LogFormat read_log_format(std::string_view accept) {
  while (!accept.empty()) {
    const std::string_view type = take_media_type(accept);
    if (type == "text/plain") return LogFormat::Text;
    if (type == "text/html") return LogFormat::Html;
    if (type == "application/json" || type == "*/*") return LogFormat::Json;
  }
  return LogFormat::Json;
}

Result<std::int64_t> read_suffix_range(std::string_view range) {
  std::int64_t count = 0;
  if (range.starts_with(kSuffixRange)) {
    range.remove_prefix(kSuffixRange.size());
    const bool digit = !range.empty() && range.front() >= '0' && range.front() <= '9';
    const auto read = std::from_chars(range.data(), range.data() + range.size(), count);
    const bool whole = digit && read.ptr == range.data() + range.size();
    if (whole && read.ec == std::errc::result_out_of_range) {
      return std::numeric_limits<std::int64_t>::max();
    }
    if (whole && count > 0) return count;
  }
  return Error(Errc::UserFault, "Only ranges of the form \"bytes=-N\" are supported, N at least 1");
}

}  // namespace ostler::rest_api
