// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "object_store/location.hpp"
#include "object_store/object_store.hpp"

namespace ostler::object_store {

inline constexpr std::string_view kS3Scheme = "s3://";

/// What the environment says of an S3 destination.
struct S3Settings {
  Location location;
  std::string endpoint;  ///< of a server other than Amazon's, no "/" at its end; may be empty
  std::string region;    ///< as BUILDKITE_S3_DEFAULT_REGION says; empty: asked for
  std::string fallback_region;  ///< where the store does not tell
  std::string acl;              ///< a canned ACL
  bool is_encrypted = false;    ///< by keys of the store (SSE-S3)
  std::string access_url;       ///< what people are shown is beneath it; no "/" at its end

  /// "s3://bucket/key", for people.
  std::string name_of(const std::string& object) const;
  /// The URL of the bucket in a region; empty: where any region answers.
  std::string bucket_url(const std::string& in_region) const;
};

/// Errors: UserFault for a destination without a bucket, or an ACL that S3 does not know.
Result<S3Settings> read_s3_settings(const std::string& destination, const Variables& variables);

}  // namespace ostler::object_store
