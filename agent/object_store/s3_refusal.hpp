// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "net/http_message.hpp"
#include "object_store/s3_settings.hpp"

namespace ostler::object_store {

/// What S3 was asked for, as far as its refusal needs it.
struct S3Request {
  const S3Settings& settings;
  std::string object;              ///< the key
  std::string region;              ///< that the request was signed for
  std::string credentials_origin;  ///< where the key that signed it came from
};

/// The error that an answer of S3 means: what was asked, S3's code and words, and what to do. None
/// for a success: S3 begins some answers before it is done, so that an error can come with 200.
std::optional<Error> s3_refusal(const net::HttpResponse& answer, const S3Request& request);

}  // namespace ostler::object_store
