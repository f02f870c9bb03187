// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <mutex>
#include <vector>

#include "base/clock.hpp"
#include "hub/artifact_links.hpp"
#include "hub/blocking_pool.hpp"
#include "hub/uploaded_file.hpp"
#include "net/http_server.hpp"
#include "store/blob_store.hpp"
#include "store/store.hpp"

namespace ostler::hub {

/// Takes and gives the bytes of artifacts below /blobs: `POST /blobs/<id>` is a form upload, so is
/// `POST /blobs/batches/<first id>` of any artifact of a batch, `GET /blobs/<id>` is a download.
/// Instead of a token a signed address is wanted.
class BlobApi final : public net::RequestHandler {
 public:
  BlobApi(store::Store& store, store::BlobStore& blobs, const Clock& clock,
          const ArtifactLinks& links, BlockingPool& blocking)
      : store_(store), blobs_(blobs), clock_(clock), links_(links), blocking_(blocking) {}

  boost::asio::awaitable<net::ServerResponse> handle(net::ServerRequest& request) override;

 private:
  using Answer = boost::asio::awaitable<Result<net::ServerResponse>>;

  Answer serve(net::ServerRequest& request);
  Answer upload(net::ServerRequest& request, ArtifactId id);
  Answer upload_of_batch(net::ServerRequest& request, ArtifactId first);
  Answer keep(net::ServerRequest& request, UploadedFile file);
  boost::asio::awaitable<Result<void>> receive(net::ServerRequest& request, UploadedFile& upload,
                                               store::BlobUpload& blob);
  Result<void> put(store::BlobUpload& blob, const std::vector<model::Artifact>& artifacts);
  Answer download(net::ServerRequest& request, ArtifactId id);
  Result<void> check_signature(const net::ServerRequest& request, ArtifactId id,
                               ArtifactLinks::Use use) const;

  store::Store& store_;
  store::BlobStore& blobs_;
  const Clock& clock_;
  const ArtifactLinks& links_;
  BlockingPool& blocking_;
  std::mutex equals_;  ///< held while one of several equal artifacts is chosen
};

}  // namespace ostler::hub
