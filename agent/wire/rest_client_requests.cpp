// SPDX-License-Identifier: Apache-2.0
#include "wire/rest_client_requests.hpp"

#include <nlohmann/json.hpp>

#include "wire/json_reader.hpp"

namespace ostler::wire {

std::string encode_rest_new_pipeline(const RestNewPipeline& pipeline) {
  nlohmann::json object = {{"name", pipeline.name},
                           {"repository", pipeline.repository},
                           {"configuration", pipeline.configuration}};
  if (pipeline.poll_seconds != 0) object["poll_interval_seconds"] = pipeline.poll_seconds;
  return to_text(object);
}

std::string encode_rest_poll_change(int seconds) {
  return to_text({{"poll_interval_seconds", seconds}});
}

std::string encode_rest_retry(const std::vector<std::string>& states) {
  std::string list;
  for (const std::string& state : states) list += (list.empty() ? "" : ",") + state;
  return to_text({{"states", list}});
}

std::string encode_rest_new_build(const RestNewBuild& build) {
  nlohmann::json object = {{"commit", build.commit}, {"branch", build.branch}};
  put_unless_empty(object, "message", build.message);
  if (!build.env.empty()) object["env"] = build.env;
  return to_text(object);
}

}  // namespace ostler::wire
