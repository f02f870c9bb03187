// SPDX-License-Identifier: Apache-2.0
#include "hub/artifact_links.hpp"

#include <gtest/gtest.h>

namespace ostler::hub {
namespace {

using Use = ArtifactLinks::Use;
using namespace std::chrono_literals;

const ArtifactId kArtifact = ArtifactId::make();
const Timestamp kNow{1'800'000'000'000'000};

struct Signed {
  std::string expires;
  std::string signature;
};

Signed query_of(const std::string& url) {
  const auto expires = url.find("expires=") + 8;
  const auto signature = url.find("&signature=");
  return {url.substr(expires, signature - expires), url.substr(signature + 11)};
}

TEST(ArtifactLinks, PermitWhatTheyWereMadeForUntilTheyExpire) {
  const ArtifactLinks links(Secret("key"), "http://hub");
  const std::string url = links.url(kArtifact, Use::Upload, kNow, 60s);
  EXPECT_TRUE(url.starts_with("http://hub/blobs/" + kArtifact.str() + "?")) << url;
  const Signed query = query_of(url);
  const auto permits = [&](ArtifactId artifact, Use use, Timestamp now) {
    return links.permits(artifact, use, query.expires, query.signature, now);
  };
  EXPECT_TRUE(permits(kArtifact, Use::Upload, kNow));
  EXPECT_TRUE(permits(kArtifact, Use::Upload, kNow + 60s));
  EXPECT_FALSE(permits(kArtifact, Use::Upload, kNow + 61s));
  EXPECT_FALSE(permits(kArtifact, Use::Download, kNow));
  EXPECT_FALSE(permits(kArtifact, Use::UploadBatch, kNow));
  EXPECT_FALSE(permits(ArtifactId::make(), Use::Upload, kNow));
}

TEST(ArtifactLinks, ForABatchHaveAPathOfTheirOwn) {
  const ArtifactLinks links(Secret("key"), "http://hub");
  const std::string url = links.url(kArtifact, Use::UploadBatch, kNow, 60s);
  EXPECT_TRUE(url.starts_with("http://hub/blobs/batches/" + kArtifact.str() + "?")) << url;
  const Signed query = query_of(url);
  EXPECT_TRUE(
      links.permits(kArtifact, Use::UploadBatch, query.expires, query.signature, kNow + 60s));
  EXPECT_FALSE(
      links.permits(kArtifact, Use::UploadBatch, query.expires, query.signature, kNow + 61s));
  EXPECT_FALSE(links.permits(kArtifact, Use::Upload, query.expires, query.signature, kNow));
}

TEST(ArtifactLinks, CannotBeMadeLongerOrWithoutTheKey) {
  const ArtifactLinks links(Secret("key"), "http://hub");
  const Signed query = query_of(links.url(kArtifact, Use::Upload, kNow, 60s));
  const std::string later = std::to_string(std::stoll(query.expires) + 1);
  EXPECT_FALSE(links.permits(kArtifact, Use::Upload, later, query.signature, kNow));
  EXPECT_FALSE(links.permits(kArtifact, Use::Upload, query.expires, "", kNow));
  const ArtifactLinks stranger(Secret("another"), "http://hub");
  const Signed forged = query_of(stranger.url(kArtifact, Use::Upload, kNow, 60s));
  EXPECT_FALSE(links.permits(kArtifact, Use::Upload, forged.expires, forged.signature, kNow));
}

}  // namespace
}  // namespace ostler::hub
