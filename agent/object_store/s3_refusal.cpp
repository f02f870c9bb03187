// SPDX-License-Identifier: Apache-2.0
#include "object_store/s3_refusal.hpp"

#include <algorithm>

#include "object_store/send.hpp"
#include "object_store/xml_text.hpp"

namespace ostler::object_store {
namespace {

// Codes of S3 that pass by themselves, though their status does not say so.
constexpr std::string_view kPassing[] = {"RequestTimeout", "OperationAborted", "SlowDown",
                                         "InternalError", "ServiceUnavailable"};

std::string right_region(const net::HttpResponse& answer) {
  const std::string_view told = answer.header("x-amz-bucket-region");
  return quoted_words(told.empty() ? xml_text(answer.body, "Region") : std::string(told));
}

std::string region_advice(const net::HttpResponse& answer, const S3Request& request) {
  const std::string right = right_region(answer);
  if (right.empty() || right == request.region) {
    return "the bucket is not in region " + request.region +
           ": set BUILDKITE_S3_DEFAULT_REGION to "
           "where it is";
  }
  return "the bucket is in region " + right + ", not " + request.region +
         ": set BUILDKITE_S3_DEFAULT_REGION=" + right;
}

std::string advice(std::string_view code, const net::HttpResponse& answer,
                   const S3Request& request) {
  if (code == "PermanentRedirect" || code == "AuthorizationHeaderMalformed" ||
      code == "IllegalLocationConstraintException" || answer.status == 301) {
    return region_advice(answer, request);
  }
  if (code == "AccessControlListNotSupported") {
    return "the bucket has its ACLs switched off: set BUILDKITE_S3_ACL=bucket-owner-full-control";
  }
  if (code == "InvalidAccessKeyId" || code == "SignatureDoesNotMatch") {
    return "check the key from " + request.credentials_origin;
  }
  if (code == "ExpiredToken" || code == "InvalidToken") {
    return "get new temporary credentials; these came from " + request.credentials_origin;
  }
  if (code == "RequestTimeTooSkewed") return "set the clock of this machine";
  if (code == "NoSuchBucket") return "make the bucket, or correct the destination";
  if (code == "NoSuchKey") return "it was removed, or stored under another prefix";
  if (answer.status == 403) {
    return "let the key from " + request.credentials_origin +
           " do s3:GetObject, s3:PutObject and s3:PutObjectAcl there (ACL " + request.settings.acl +
           ")";
  }
  return {};
}

}  // namespace

std::optional<Error> s3_refusal(const net::HttpResponse& answer, const S3Request& request) {
  if (answer.ok() && answer.body.find("<Error>") == std::string::npos) return std::nullopt;
  const std::string code = quoted_words(xml_text(answer.body, "Code"));
  const std::string words = quoted_words(xml_text(answer.body, "Message"));
  std::string message = request.settings.name_of(request.object) + ": the store answered " +
                        std::to_string(answer.status);
  if (!code.empty()) message += " " + code;
  if (!words.empty()) message += " (" + words + ")";
  const std::string what_to_do = advice(code, answer, request);
  if (!what_to_do.empty()) message += "; " + what_to_do;
  const bool passes =
      may_heal(answer.status) || std::ranges::find(kPassing, code) != std::end(kPassing);
  return Error(passes ? Errc::Unavailable : code_of_status(answer.status), std::move(message))
      .with_native(answer.status)
      .with_retryable(passes);
}

}  // namespace ostler::object_store
