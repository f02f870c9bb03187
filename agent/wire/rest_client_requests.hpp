// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "model/pipeline.hpp"

namespace ostler::wire {

/// What a client says to make a pipeline. All text is UTF-8.
struct RestNewPipeline {
  std::string name;
  std::string repository;
  std::string configuration;
  int poll_seconds = 0;  ///< how often its repository is looked at; 0: never
  std::string slug{};    ///< empty: what the server makes of the name
  std::string description{};
  std::string default_branch{};
};
std::string encode_rest_new_pipeline(const RestNewPipeline& pipeline);

/// What a client says to change a pipeline; what is absent stays.
struct RestPipelineChange {
  std::optional<std::string> name{};
  std::optional<std::string> slug{};
  std::optional<std::string> repository{};
  std::optional<std::string> configuration{};
  std::optional<std::string> description{};
  std::optional<std::string> default_branch{};
  std::optional<std::string> branch_configuration{};
  std::optional<int> poll_seconds{};  ///< 0: its repository is looked at no more
  std::optional<model::Retention> retention{};
};
std::string encode_rest_pipeline_change(const RestPipelineChange& change);

/// What a client says to have the failed jobs of a build retried; empty: all of them.
std::string encode_rest_retry(const std::vector<std::string>& states);

/// What a client says to make a build.
struct RestNewBuild {
  std::string commit;
  std::string branch;
  std::string message;  ///< empty: whatever the server says instead
  std::map<std::string, std::string> env{};
  std::map<std::string, std::string> meta_data{};
  std::string pull_request{};  ///< its number; empty: the build is of none
  std::string pull_request_base{};
  std::string pull_request_repository{};
};
std::string encode_rest_new_build(const RestNewBuild& build);
/// What to say to have the like of a build that the server has shown. Errors: Protocol.
Result<RestNewBuild> decode_rest_repeated_build(std::string_view json);

}  // namespace ostler::wire
