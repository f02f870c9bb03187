// SPDX-License-Identifier: Apache-2.0
#include "wire/rest_client_requests.hpp"

#include <nlohmann/json.hpp>

#include "wire/json_reader.hpp"

namespace ostler::wire {

std::string encode_rest_new_pipeline(const RestNewPipeline& pipeline) {
  return to_text({{"name", pipeline.name},
                  {"repository", pipeline.repository},
                  {"configuration", pipeline.configuration}});
}

std::string encode_rest_new_build(const RestNewBuild& build) {
  return to_text({{"commit", build.commit}, {"branch", build.branch}, {"message", build.message}});
}

}  // namespace ostler::wire
