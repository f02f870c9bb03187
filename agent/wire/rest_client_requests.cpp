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
  return to_text(object);
}

}  // namespace ostler::wire
