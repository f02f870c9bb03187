// SPDX-License-Identifier: Apache-2.0
#include "worker/artifact_calls.hpp"

#include <nlohmann/json.hpp>

#include "agent_client/artifact_search.hpp"
#include "base/uuid.hpp"
#include "wire/agent_api_artifacts.hpp"

namespace ostler::worker {
namespace {

using nlohmann::json;

/// Without addresses: some let anybody read who has them.
Result<std::string> describe_artifacts(const std::string& body) {
  OSTLER_TRY(const auto artifacts, wire::decode_artifacts(body));
  json list = json::array();
  for (const wire::Artifact& artifact : artifacts) {
    list.push_back({{"id", artifact.id},
                    {"job_id", artifact.job_id},
                    {"media_type", artifact.content_type},
                    {"path", artifact.path},
                    {"sha1", artifact.sha1sum},
                    {"sha256", artifact.sha256sum},
                    {"size", artifact.file_size}});
  }
  return list.dump(-1, ' ', false, json::error_handler_t::replace);
}

/// Glob, step, build, "1" for jobs that were retried, too.
Result<ServiceCall> search(JobContext& job, const std::vector<std::string>& given) {
  for (const std::string& text : given) {
    if (job.log.redacted(text) == text) continue;
    return Error(Errc::UserFault, "a secret of the job stands in what is searched for");
  }
  const std::string path =
      agent_client::artifact_search_path({.glob = given[0],
                                          .build = build_of_artifacts(job, given[2]),
                                          .step = given[1],
                                          .include_retried_jobs = given[3] == "1"});
  return ServiceCall{supervise::ApiRequest{.uuid = Uuid::make().str(),
                                           .method = "GET",
                                           .path = path,
                                           .content_type = "",
                                           .body = ""},
                     agent_client::policy::kArtifactSearch, describe_artifacts};
}

constexpr ServiceMethod kArtifactMethods[] = {{"ostler.artifact/1/search", 4, search}};

}  // namespace

std::string build_of_artifacts(const JobContext& job, const std::string& given) {
  return given.empty() ? environment::value_of(job.document.env, "BUILDKITE_BUILD_ID") : given;
}

std::span<const ServiceMethod> artifact_methods() { return kArtifactMethods; }

}  // namespace ostler::worker
