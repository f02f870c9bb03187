// SPDX-License-Identifier: Apache-2.0
#include "wire/rest_client_requests.hpp"

#include <nlohmann/json.hpp>

#include "base/joined.hpp"
#include "wire/json_reader.hpp"
#include "wire/rest_retention.hpp"

namespace ostler::wire {

std::string encode_rest_new_pipeline(const RestNewPipeline& pipeline) {
  nlohmann::json object = {{"name", pipeline.name},
                           {"repository", pipeline.repository},
                           {"configuration", pipeline.configuration}};
  put_unless_empty(object, "slug", pipeline.slug);
  put_unless_empty(object, "description", pipeline.description);
  put_unless_empty(object, "default_branch", pipeline.default_branch);
  if (pipeline.poll_seconds != 0) object["poll_interval_seconds"] = pipeline.poll_seconds;
  return to_text(object);
}

std::string encode_rest_pipeline_change(const RestPipelineChange& change) {
  nlohmann::json object = nlohmann::json::object();
  const auto put = [&](const char* name, const auto& value) {
    if (value) object[name] = *value;
  };
  put("name", change.name);
  put("slug", change.slug);
  put("repository", change.repository);
  put("configuration", change.configuration);
  put("description", change.description);
  put("default_branch", change.default_branch);
  put("branch_configuration", change.branch_configuration);
  put("poll_interval_seconds", change.poll_seconds);
  if (change.retention) {
    object["retention"] = nlohmann::json::parse(encode_rest_retention(*change.retention));
  }
  return to_text(object);
}

std::string encode_rest_retry(const std::vector<std::string>& states) {
  return to_text({{"states", joined(states, ",")}});
}

std::string encode_rest_new_build(const RestNewBuild& build) {
  nlohmann::json object = {{"commit", build.commit}, {"branch", build.branch}};
  put_unless_empty(object, "message", build.message);
  if (!build.env.empty()) object["env"] = build.env;
  if (!build.meta_data.empty()) object["meta_data"] = build.meta_data;
  if (build.pull_request.empty()) return to_text(object);
  object["pull_request_id"] = build.pull_request;
  object["pull_request_base_branch"] = build.pull_request_base;
  object["pull_request_repository"] = build.pull_request_repository;
  return to_text(object);
}

Result<RestNewBuild> decode_rest_repeated_build(std::string_view json) {
  OSTLER_TRY(const auto object, parse_json(json, "build"));
  RestNewBuild build;
  ObjectReader reader(object, "build");
  reader.read("commit", build.commit);
  reader.read("branch", build.branch);
  reader.read("message", build.message);
  reader.read("env", build.env);
  reader.read("meta_data", build.meta_data);
  if (const auto* request = reader.object("pull_request")) {
    ObjectReader of_request(*request, "pull_request");
    of_request.read("id", build.pull_request);
    of_request.read("base", build.pull_request_base);
    of_request.read("repository", build.pull_request_repository);
    OSTLER_TRY(of_request.finish());
  }
  OSTLER_TRY(reader.finish());
  return build;
}

}  // namespace ostler::wire
