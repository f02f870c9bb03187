// SPDX-License-Identifier: Apache-2.0
#include "object_store/location.hpp"

#include <algorithm>
#include <cctype>
#include <vector>

#include "base/joined.hpp"
#include "wire/rest_urls.hpp"

namespace ostler::object_store {
namespace {

std::vector<std::string_view> segments_of(std::string_view path) {
  std::vector<std::string_view> segments;
  for (;;) {
    const std::size_t end = path.find('/');
    segments.push_back(path.substr(0, end));
    if (end == std::string_view::npos) return segments;
    path.remove_prefix(end + 1);
  }
}

// As the genuine agent joins paths, but never out of the prefix.
std::string resolved(std::string_view path) {
  std::vector<std::string_view> kept;
  for (const std::string_view segment : segments_of(path)) {
    if (segment == ".." && !kept.empty()) kept.pop_back();
    if (!segment.empty() && segment != "." && segment != "..") kept.push_back(segment);
  }
  return joined(kept, "/");
}

bool is_bucket_name(std::string_view name) {
  return !name.empty() && name.front() != '.' && std::ranges::all_of(name, [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.';
  });
}

}  // namespace

std::string Location::object_of(std::string_view path) const {
  const std::string name = resolved(path);
  return prefix.empty() ? name : prefix + "/" + name;
}

Result<Location> parse_location(const std::string& destination, std::string_view scheme) {
  const std::string_view rest = std::string_view(destination).substr(scheme.size());
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  Location location{std::string(rest.substr(0, slash)), resolved(rest.substr(slash))};
  if (is_bucket_name(location.bucket)) return location;
  return Error(Errc::UserFault, "artifact destination \"" + destination + "\": \"" +
                                    location.bucket + "\" names no bucket; write " +
                                    std::string(scheme) + "BUCKET/PREFIX");
}

std::string url_path(std::string_view path) {
  std::string encoded;
  for (const std::string_view segment : segments_of(path)) {
    encoded += "/" + wire::percent_encode(segment);
  }
  return encoded.substr(1);
}

bool is_plain_url(std::string_view url) {
  const bool is_web = url.starts_with("http://") || url.starts_with("https://");
  return is_web && std::ranges::all_of(url, [](char c) {
           return c > 0x20 && c < 0x7F && c != '@' && c != '?' && c != '#';
         });
}

std::string without_slash(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  return url;
}

}  // namespace ostler::object_store
