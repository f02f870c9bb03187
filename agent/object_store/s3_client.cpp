// SPDX-License-Identifier: Apache-2.0
#include "object_store/s3_client.hpp"

#include "object_store/s3_refusal.hpp"
#include "object_store/s3_signature.hpp"
#include "object_store/send.hpp"

namespace ostler::object_store {
namespace {

using namespace std::chrono_literals;

net::HttpRequest request_of(const S3Call& call, const std::string& bucket_url) {
  net::HttpRequest request{.method = call.method,
                           .url = bucket_url + "/" + url_path(call.object) +
                                  (call.query.empty() ? "" : "?" + call.query)};
  request.headers = call.headers;
  if (const auto* file = std::get_if<net::FileBody>(&call.body)) {
    request.body = *file;
  } else {
    request.body = std::get<std::string>(call.body);
  }
  request.download_to = call.download_to;
  request.total_timeout = {};  // as long as bytes flow
  request.follow_redirects = false;
  return request;
}

}  // namespace

Result<void> S3Client::prepare(net::BlockingHttpClient& client) const {
  OSTLER_TRY(credentials_.current(client));
  OSTLER_TRY(region(client));
  return success();
}

Result<net::HttpResponse> S3Client::send(net::BlockingHttpClient& client, const S3Call& call,
                                         const agent_client::RetryPolicy& policy) const {
  S3Request about{settings_, call.object, {}, {}};
  const auto make = [&]() -> Result<net::HttpRequest> {
    OSTLER_TRY(const auto credentials, credentials_.current(client));
    OSTLER_TRY(about.region, region(client));
    about.credentials_origin = credentials.origin;
    net::HttpRequest request = request_of(call, settings_.bucket_url(about.region));
    const bool has_body = !call.body_sha256.empty();
    sign_for_s3(request, has_body ? call.body_sha256 : kSha256OfNothing,
                {credentials, about.region, clock_.now()});
    return request;
  };
  return object_store::send(client, make, policy, [&](const net::HttpResponse& answer) {
    return s3_refusal(answer, about);
  });
}

Result<std::string> S3Client::region(net::BlockingHttpClient& client) const {
  if (!settings_.region.empty()) return settings_.region;
  const std::lock_guard lock(mutex_);
  if (!region_) {
    OSTLER_TRY(region_, discover_region(client));
  }
  return *region_;
}

// Every answer about a bucket tells where it is, a refusal too; it is asked for without a key.
Result<std::string> S3Client::discover_region(net::BlockingHttpClient& client) const {
  net::HttpRequest request{.method = "HEAD", .url = settings_.bucket_url({})};
  request.follow_redirects = false;
  request.connect_timeout = 10s;
  auto answer = client.send(request);
  if (!answer) {
    const bool retryable = answer.error().retryable();
    return std::move(answer)
        .error()
        .with_context("ask where bucket " + settings_.location.bucket +
                      " is (BUILDKITE_S3_DEFAULT_REGION would tell)")
        .with_retryable(retryable);
  }
  const std::string_view told = answer.value().header("x-amz-bucket-region");
  return told.empty() ? settings_.fallback_region : std::string(told);
}

}  // namespace ostler::object_store
