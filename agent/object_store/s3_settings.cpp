// SPDX-License-Identifier: Apache-2.0
#include "object_store/s3_settings.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/ascii.hpp"
#include "base/joined.hpp"

namespace ostler::object_store {
namespace {

constexpr std::array<std::string_view, 7> kAcls = {
    "private",       "public-read",       "public-read-write",        "authenticated-read",
    "aws-exec-read", "bucket-owner-read", "bucket-owner-full-control"};

std::string first_set(const Variables& variables, std::initializer_list<const char*> names,
                      const char* otherwise) {
  for (const char* name : names) {
    if (std::string value = variables(name); !value.empty()) return value;
  }
  return otherwise;
}

bool is_true(std::string_view value) { return lower_case(value) == "true"; }

std::string with_scheme(const std::string& url) {
  return url.empty() || url.find("://") != std::string::npos ? url : "https://" + url;
}

/// Names that a wildcard certificate does not cover cannot be part of the host.
bool fits_in_host(const std::string& bucket) {
  return bucket.find_first_of("._") == std::string::npos &&
         std::ranges::none_of(bucket, [](unsigned char c) { return std::isupper(c) != 0; });
}

}  // namespace

std::string S3Settings::name_of(const std::string& object) const {
  return std::string(kS3Scheme) + location.bucket + "/" + object;
}

std::string S3Settings::bucket_url(const std::string& in_region) const {
  if (!endpoint.empty()) return endpoint + "/" + location.bucket;
  const std::string suffix = in_region.starts_with("cn-") ? ".amazonaws.com.cn" : ".amazonaws.com";
  const std::string host = (in_region.empty() ? "s3" : "s3." + in_region) + suffix;
  if (in_region.empty() || !fits_in_host(location.bucket)) {
    return "https://" + host + "/" + location.bucket;
  }
  return "https://" + location.bucket + "." + host;
}

Result<S3Settings> read_s3_settings(const std::string& destination, const Variables& variables) {
  S3Settings settings;
  OSTLER_TRY(settings.location, parse_location(destination, kS3Scheme));
  settings.endpoint = without_slash(with_scheme(variables("BUILDKITE_S3_ENDPOINT")));
  settings.region = variables("BUILDKITE_S3_DEFAULT_REGION");
  settings.fallback_region =
      first_set(variables, {"AWS_REGION", "AWS_DEFAULT_REGION"}, "us-east-1");
  settings.acl = first_set(variables, {"BUILDKITE_S3_ACL", "AWS_S3_ACL"}, "public-read");
  settings.is_encrypted = is_true(variables("BUILDKITE_S3_SSE_ENABLED"));
  settings.access_url = without_slash(variables("BUILDKITE_S3_ACCESS_URL"));
  if (std::ranges::find(kAcls, settings.acl) == kAcls.end()) {
    return Error(Errc::UserFault, "BUILDKITE_S3_ACL \"" + settings.acl +
                                      "\" is no ACL of S3; there are " + joined(kAcls, ", "));
  }
  return settings;
}

}  // namespace ostler::object_store
