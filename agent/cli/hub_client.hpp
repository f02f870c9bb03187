// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "net/http_client.hpp"
#include "wire/rest_answers.hpp"
#include "wire/rest_client_requests.hpp"

namespace ostler::cli {

/// Which builds a list has, newest first.
struct BuildQuery {
  std::string pipeline;  ///< slug; empty: of all
  std::vector<std::string> branches;
  std::vector<std::string> states;
  int limit = 30;  ///< 1 to 100
};

/// Unavailable for a status of 5xx and for 429, which may pass; UserFault for another refusal.
Errc refusal_code(int status);

/// Speaks REST v2 to a hub as a person's program. Blocks; each call has a deadline.
/// Errors of every call: those of the HTTP client; refusal_code() with the text of an answer that
/// is no success; Protocol for one that is not the reference's.
class HubClient {
 public:
  /// `url` is the hub's address without a path: "http://127.0.0.1:7450".
  HubClient(std::string url, std::string organization, Secret token);

  /// The body of the answer to a call of what is at `path` ("/clusters") of the organization.
  Result<std::string> ask(std::string method, const std::string& path, std::string body = "");
  /// All pages of the list at `path` of the organization, as one JSON array.
  Result<std::string> all_pages(const std::string& path);
  /// A GET of what is at `path` of the organization, with the token, for a client of another kind.
  net::HttpRequest request_to(const std::string& path) const;
  /// What an answer that is no success means, in words for people.
  Error refusal(const net::HttpRequest& request, const net::HttpResponse& response) const;
  /// The same of an error of the HTTP client; one that does not say that the hub is away stays.
  Error silence(const net::HttpRequest& request, const Error& error) const;
  /// Whose token this client has.
  Result<wire::RestTokenAnswer> token();
  /// The slugs of the organizations that the token may see.
  Result<std::vector<std::string>> organizations();
  /// The address that the hub gives itself, without a path; it may differ from that by which it is
  /// reached.
  Result<std::string> public_url();
  const std::string& url() const { return url_; }
  const std::string& organization() const { return organization_; }
  /// The pipelines with a text in the address of their repository; all when it is empty.
  Result<std::vector<wire::RestPipelineAnswer>> pipelines(const std::string& repository);
  Result<wire::RestPipelineAnswer> pipeline(const std::string& slug);
  /// Returns the slug.
  Result<std::string> create_pipeline(const wire::RestNewPipeline& pipeline);
  Result<std::string> create_pipeline_text(const wire::RestNewPipeline& pipeline);
  Result<wire::RestBuildAnswer> create_build(const std::string& pipeline,
                                             const wire::RestNewBuild& build);
  Result<std::string> create_build_text(const std::string& pipeline,
                                        const wire::RestNewBuild& build);
  /// With every attempt at its jobs.
  Result<wire::RestBuildAnswer> build(const std::string& pipeline, std::int64_t number);
  /// The answers as they are: a build with its jobs by number or by id, and a list of builds
  /// without jobs and pipelines.
  Result<std::string> build_text(const std::string& pipeline, std::int64_t number);
  Result<std::string> build_text(const std::string& id);
  /// With every attempt at its jobs.
  Result<std::string> build_text_with_attempts(const std::string& pipeline, std::int64_t number);
  Result<std::string> builds_text(const BuildQuery& query);
  Result<wire::RestJobAnswer> job(const std::string& id);
  /// The answers as they are: the new job; the gate, which is open then; and how many of the jobs
  /// that ended in one of `states` (all failed ones, when empty) run again.
  Result<std::string> retry_job_text(const std::string& id);
  Result<std::string> unblock_job_text(const std::string& id,
                                       const std::map<std::string, std::string>& fields);
  Result<std::string> retry_failed_jobs_text(const std::string& pipeline, std::int64_t number,
                                             const std::vector<std::string>& states);
  /// A new build of the same commit, branch, message and env. `key` makes a repeat the same one.
  Result<std::string> rebuild_text(const std::string& pipeline, std::int64_t number,
                                   const std::string& key);
  /// The build's answer as it is.
  Result<std::string> cancel_build_text(const std::string& pipeline, std::int64_t number);
  /// Hands a job's whole log to `sink` while it comes. An error of `sink` ends it and is returned.
  Result<void> stream_log(const std::string& job,
                          const std::function<Result<void>(std::string_view)>& sink);
  /// The last bytes of a job's log, about `most` of them.
  Result<std::string> log_end(const std::string& job, std::uint64_t most);
  /// All artifacts of a build that can be downloaded and whose path matches a glob; an empty one
  /// matches all.
  Result<std::vector<wire::RestArtifactAnswer>> artifacts(const std::string& pipeline,
                                                          std::int64_t number,
                                                          const std::string& glob = "");
  /// The answer as it is, its pages as one.
  Result<std::string> artifacts_text(const std::string& pipeline, std::int64_t number,
                                     const std::string& glob);
  Result<void> download(const std::string& url, const std::filesystem::path& to);

 private:
  Result<net::HttpResponse> send(net::HttpRequest request);
  std::string words_of_refusal(const net::HttpRequest& request,
                               const net::HttpResponse& response) const;
  std::string how_to_give_another() const;
  std::string words_of_missing(const net::HttpRequest& request, const std::string& text) const;
  /// The body of the answer to a GET of what follows the organization's address.
  Result<std::string> get(const std::string& path);
  std::string organization_url() const;
  std::string builds_url(const std::string& pipeline) const;

  std::string url_;
  std::string organization_;
  Secret token_;
  net::BlockingHttpClient http_;
};

}  // namespace ostler::cli
