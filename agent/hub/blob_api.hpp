// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.hpp"
#include "hub/artifact_links.hpp"
#include "hub/blocking_pool.hpp"
#include "net/http_server.hpp"
#include "store/blob_store.hpp"
#include "store/store.hpp"

namespace ostler::hub {

/// Takes and gives the bytes of artifacts below /blobs: `POST /blobs/<id>` is a form upload,
/// `GET /blobs/<id>` a download. Instead of a token a signed address is wanted.
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
  boost::asio::awaitable<Result<void>> receive(net::ServerRequest& request,
                                               const model::Artifact& artifact,
                                               store::BlobUpload& upload);
  Answer download(net::ServerRequest& request, ArtifactId id);
  Result<void> check_signature(const net::ServerRequest& request, ArtifactId id,
                               ArtifactLinks::Use use) const;

  store::Store& store_;
  store::BlobStore& blobs_;
  const Clock& clock_;
  const ArtifactLinks& links_;
  BlockingPool& blocking_;
};

}  // namespace ostler::hub
