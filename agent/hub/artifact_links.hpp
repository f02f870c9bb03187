// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/secret.hpp"
#include "base/uuid.hpp"
#include "hub/rest_api/call.hpp"

namespace ostler::hub {

/// Addresses of artifact bytes on this hub that need no token: a signature in the query says what
/// may be done with which artifact until when. Thread-safe.
class ArtifactLinks final : public rest_api::DownloadLinks {
 public:
  enum class Use : std::uint8_t {
    Upload,
    UploadBatch,  ///< any artifact of the batch; it is named by the batch's first artifact
    Download,
  };

  /// `public_url`: base of every address, without a slash at its end.
  ArtifactLinks(Secret key, std::string public_url)
      : key_(std::move(key)), public_url_(std::move(public_url)) {}

  /// "/blobs/<id>", the path of an artifact's bytes; "/blobs/batches/<id>" for a batch.
  static std::string path(ArtifactId artifact, Use use);
  /// The whole address, good until `now` plus `life`.
  std::string url(ArtifactId artifact, Use use, Timestamp now, std::chrono::seconds life) const;
  std::string download_link(const model::Artifact& artifact, Timestamp now) const override;

  /// Whether `expires` and `signature` of a query permit this use now.
  bool permits(ArtifactId artifact, Use use, std::string_view expires, std::string_view signature,
               Timestamp now) const;

 private:
  std::string sign(ArtifactId artifact, Use use, std::string_view expires) const;

  Secret key_;
  std::string public_url_;
};

}  // namespace ostler::hub
