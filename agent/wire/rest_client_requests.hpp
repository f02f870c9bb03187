// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace ostler::wire {

/// What a client says to make a pipeline. All text is UTF-8.
struct RestNewPipeline {
  std::string name;
  std::string repository;
  std::string configuration;
};
std::string encode_rest_new_pipeline(const RestNewPipeline& pipeline);

/// What a client says to make a build.
struct RestNewBuild {
  std::string commit;
  std::string branch;
  std::string message;
};
std::string encode_rest_new_build(const RestNewBuild& build);

}  // namespace ostler::wire
