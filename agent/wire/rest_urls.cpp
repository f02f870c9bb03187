// SPDX-License-Identifier: Apache-2.0
#include "wire/rest_urls.hpp"

namespace ostler::wire {
namespace {

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

std::string joined(std::string url, std::initializer_list<std::string_view> segments) {
  for (const std::string_view segment : segments) url += '/' + percent_encode(segment);
  return url;
}

}  // namespace

std::string percent_encode(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string encoded;
  encoded.reserve(text.size());
  for (const char c : text) {
    if (is_unreserved(c)) {
      encoded += c;
    } else {
      const auto octet = static_cast<std::uint8_t>(c);
      encoded.append({'%', kHex[octet >> 4], kHex[octet & 15]});
    }
  }
  return encoded;
}

std::string RestUrls::api(std::initializer_list<std::string_view> segments) const {
  return joined(joined(public_url_ + "/v2/organizations", {organization_}), segments);
}

std::string RestUrls::web(std::initializer_list<std::string_view> segments) const {
  return joined(joined(public_url_, {organization_}), segments);
}

std::string RestUrls::build(std::string_view pipeline, std::int64_t number) const {
  return api({"pipelines", pipeline, "builds", std::to_string(number)});
}

std::string RestUrls::job(std::string_view pipeline, std::int64_t build, JobId id) const {
  return api({"pipelines", pipeline, "builds", std::to_string(build), "jobs", id.str()});
}

std::string RestUrls::artifact(std::string_view pipeline, std::int64_t build, JobId job,
                               ArtifactId id) const {
  return this->job(pipeline, build, job) + "/artifacts/" + id.str();
}

std::string RestUrls::web_build(std::string_view pipeline, std::int64_t number) const {
  return web({pipeline, "builds", std::to_string(number)});
}

std::string RestUrls::web_job(std::string_view pipeline, std::int64_t build, JobId id) const {
  return web_build(pipeline, build) + '#' + id.str();
}

}  // namespace ostler::wire
