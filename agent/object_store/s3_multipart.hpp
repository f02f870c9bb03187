// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "object_store/file_parts.hpp"
#include "object_store/s3_client.hpp"

namespace ostler::object_store {

/// Brings one large file to S3 part by part, so that a fault costs a part and not the file. What
/// was begun and does not come to its end is taken back.
class S3Multipart {
 public:
  S3Multipart(const S3Client& s3, net::BlockingHttpClient& client,
              const agent_client::RetryPolicy& policy)
      : s3_(s3), client_(client), policy_(policy) {}

  /// `call` has the object and the headers that describe it.
  Result<void> put(S3Call call, const OutgoingFile& file, const std::vector<FilePart>& parts) const;

 private:
  Result<std::string> begin(S3Call call) const;
  Result<std::string> put_part(const S3Call& whole, const net::FileBody& part,
                               const std::string& query) const;
  Result<std::string> put_parts(const S3Call& whole, const OutgoingFile& file,
                                const std::vector<FilePart>& parts) const;
  Result<void> complete(S3Call whole, const std::string& list) const;
  void abandon(S3Call whole) const;

  const S3Client& s3_;
  net::BlockingHttpClient& client_;
  const agent_client::RetryPolicy& policy_;
};

}  // namespace ostler::object_store
