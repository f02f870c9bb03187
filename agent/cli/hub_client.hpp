// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "net/http_client.hpp"
#include "wire/rest_answers.hpp"
#include "wire/rest_client_requests.hpp"

namespace ostler::cli {

/// Takes the bytes of a job's log in order.
class LogSink {
 public:
  virtual ~LogSink() = default;
  virtual void take(std::string_view bytes) = 0;
};

/// Speaks REST v2 to a hub as a person's program. Blocks; each call has a deadline.
/// Errors of every call: those of the HTTP client; UserFault for a 4xx answer, with its text;
/// Unavailable for a 5xx; Protocol for an answer that is not the reference's.
class HubClient {
 public:
  /// `url` is the hub's address without a path: "http://127.0.0.1:7450".
  HubClient(std::string url, std::string organization, Secret token);

  /// Whose token this client has.
  Result<wire::RestTokenAnswer> token();
  /// The slugs of the organizations that the token may see.
  Result<std::vector<std::string>> organizations();
  /// Returns the slug.
  Result<std::string> create_pipeline(const wire::RestNewPipeline& pipeline);
  Result<wire::RestBuildAnswer> create_build(const std::string& pipeline,
                                             const wire::RestNewBuild& build);
  Result<wire::RestBuildAnswer> build(const std::string& pipeline, std::int64_t number);
  Result<void> cancel_build(const std::string& pipeline, std::int64_t number);
  /// Hands what a job's log has at and after `offset` to `sink`; returns where it ended. Memory
  /// does not grow with the log: it passes through the file `scratch`.
  Result<std::uint64_t> read_log(const std::string& job, std::uint64_t offset,
                                 const std::filesystem::path& scratch, LogSink& sink);
  /// All artifacts of a build.
  Result<std::vector<wire::RestArtifactAnswer>> artifacts(const std::string& pipeline,
                                                          std::int64_t number);
  Result<void> download(const std::string& url, const std::filesystem::path& to);

 private:
  Result<net::HttpResponse> send(net::HttpRequest request);
  std::string organization_url() const;
  std::string builds_url(const std::string& pipeline) const;

  std::string url_;
  std::string organization_;
  Secret token_;
  net::BlockingHttpClient http_;
};

}  // namespace ostler::cli
