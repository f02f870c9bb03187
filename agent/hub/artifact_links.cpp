// SPDX-License-Identifier: Apache-2.0
#include "hub/artifact_links.hpp"

#include <charconv>

#include "crypto/hmac.hpp"

namespace ostler::hub {
namespace {

constexpr std::int64_t kMicros = 1'000'000;
/// How long the target of a redirect works.
constexpr std::chrono::seconds kRedirectLife{60};

std::string_view verb_of(ArtifactLinks::Use use) {
  switch (use) {
    case ArtifactLinks::Use::Upload: return "upload";
    case ArtifactLinks::Use::UploadBatch: return "upload-batch";
    case ArtifactLinks::Use::Download: break;
  }
  return "download";
}

}  // namespace

std::string ArtifactLinks::path(ArtifactId artifact, Use use) {
  return (use == Use::UploadBatch ? "/blobs/batches/" : "/blobs/") + artifact.str();
}

std::string ArtifactLinks::url(ArtifactId artifact, Use use, Timestamp now,
                               std::chrono::seconds life) const {
  const std::string expires = std::to_string((now + life).micros / kMicros);
  return public_url_ + path(artifact, use) + "?expires=" + expires +
         "&signature=" + sign(artifact, use, expires);
}

std::string ArtifactLinks::download_link(const model::Artifact& artifact, Timestamp now) const {
  return url(artifact.id, Use::Download, now, kRedirectLife);
}

bool ArtifactLinks::permits(ArtifactId artifact, Use use, std::string_view expires,
                            std::string_view signature, Timestamp now) const {
  if (!equal_in_constant_time(signature, sign(artifact, use, expires))) return false;
  std::int64_t until = 0;
  std::from_chars(expires.data(), expires.data() + expires.size(), until);
  return now.micros / kMicros <= until;
}

std::string ArtifactLinks::sign(ArtifactId artifact, Use use, std::string_view expires) const {
  return crypto::hmac_sha256_hex(
      key_, std::string(verb_of(use)) + "\n" + artifact.str() + "\n" + std::string(expires));
}

}  // namespace ostler::hub
