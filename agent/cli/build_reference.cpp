// SPDX-License-Identifier: Apache-2.0
#include "cli/build_reference.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

#include "base/uuid_prefix.hpp"

namespace ostler::cli {
namespace {

constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kSlugCharacters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";

bool is_slug(std::string_view text) {
  return !text.empty() && text.find_first_not_of(kSlugCharacters) == text.npos;
}

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of(kDigits) == text.npos;
}

Error no_reference(std::string_view text) {
  return Error(Errc::UserFault, "\"" + std::string(text) +
                                    "\" names no build; give PIPELINE/NUMBER, NUMBER, PIPELINE, "
                                    "a build's or job's id, or its URL");
}

Result<std::int64_t> build_number(std::string_view text) {
  std::int64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc() || number < 1) {
    return Error(Errc::UserFault, "there is no build " + std::string(text) +
                                      ": builds are numbered from 1; \"ostler build list\" shows "
                                      "them");
  }
  return number;
}

std::vector<std::string_view> segments_of(std::string_view path) {
  std::vector<std::string_view> segments;
  while (!path.empty()) {
    const std::string_view segment = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(path.size(), segment.size() + 1));
    if (!segment.empty()) segments.push_back(segment);
  }
  return segments;
}

/// Takes "<name>/<value>" off the front of a path; empty when it begins with something else.
std::string_view take_pair(std::vector<std::string_view>& path, std::string_view name) {
  if (path.size() < 2 || path[0] != name) return {};
  const std::string_view value = path[1];
  path.erase(path.begin(), path.begin() + 2);
  return value;
}

std::string_view take_first(std::vector<std::string_view>& path) {
  if (path.empty()) return {};
  const std::string_view first = path.front();
  path.erase(path.begin());
  return first;
}

bool is_id(std::string_view text) { return Uuid::parse(text).has_value(); }

/// The beginning of an id. Ids begin with the time, a 0 until the year 2527: no number of a build
/// does, and hardly a slug of hex digits.
bool is_short_id(std::string_view text) {
  return text.starts_with('0') && UuidPrefix::parse(text).has_value();
}

/// A path of the API, /v2/organizations/O/..., or of a web page, /O/P/builds/N.
Result<BuildReference> read_path(std::vector<std::string_view> path, std::string_view url) {
  BuildReference reference;
  const bool is_api = !path.empty() && path[0] == "v2";
  if (is_api) path.erase(path.begin());
  reference.organization = is_api ? take_pair(path, "organizations") : take_first(path);
  const auto lone_job = is_api ? take_pair(path, "jobs") : std::string_view();
  if (is_id(lone_job)) {
    reference.id = lone_job;
    return reference;
  }
  reference.pipeline = is_api ? take_pair(path, "pipelines") : take_first(path);
  const std::string_view build = take_pair(path, "builds");
  const std::string_view job = take_pair(path, "jobs");
  if (is_id(job)) reference.job = job;
  if (!is_slug(reference.pipeline)) return no_reference(url);
  if (build.empty()) return path.empty() ? Result<BuildReference>(reference) : no_reference(url);
  if (!is_number(build)) return no_reference(url);
  OSTLER_TRY(reference.number, build_number(build));
  return reference;
}

Result<BuildReference> parse_url(std::string_view url) {
  const std::size_t host = url.find("://") + 3;
  std::string_view rest = url.substr(host);
  const std::string_view fragment =
      rest.find('#') == rest.npos ? std::string_view() : rest.substr(rest.find('#') + 1);
  rest = rest.substr(0, rest.find_first_of("?#"));
  const std::size_t path = std::min(rest.find('/'), rest.size());
  OSTLER_TRY(auto reference, read_path(segments_of(rest.substr(path)), url));
  reference.hub = url.substr(0, host + path);
  if (is_id(fragment)) reference.job = fragment;
  return reference;
}

/// PIPELINE, PIPELINE/NUMBER or PIPELINE#NUMBER.
Result<BuildReference> parse_words(std::string_view text) {
  BuildReference reference;
  const std::size_t mark = std::min(text.find_first_of("/#"), text.size());
  reference.pipeline = text.substr(0, mark);
  if (!is_slug(reference.pipeline)) return no_reference(text);
  if (mark == text.size()) return reference;
  const std::string_view number = text.substr(mark + 1);
  if (!is_number(number)) return no_reference(text);
  OSTLER_TRY(reference.number, build_number(number));
  return reference;
}

}  // namespace

Result<BuildReference> parse_build_reference(std::string_view text) {
  BuildReference reference;
  if (text.empty()) return reference;
  if (text.starts_with("http://") || text.starts_with("https://")) return parse_url(text);
  if (is_id(text) || is_short_id(text)) {
    reference.id = text;
    return reference;
  }
  const std::string_view number = text.starts_with('#') ? text.substr(1) : text;
  if (!is_number(number)) return parse_words(text);
  OSTLER_TRY(reference.number, build_number(number));
  return reference;
}

}  // namespace ostler::cli
