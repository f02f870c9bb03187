// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

// Pipeline uploads, as the rest of the Agent API in wire/agent_api.hpp.
// Source: reference/agent-api.md 2.16.
namespace ostler::wire {

/// Header of calls whose pace the server sets: how many attempts went before, from "0" on.
inline constexpr std::string_view kBackoffHeader = "X-Buildkite-Backoff-Sequence";

/// The body of `POST jobs/:id/pipelines`.
struct PipelineUploadRequest {
  std::string uuid;      ///< the same in every repeat
  std::string pipeline;  ///< a JSON object
  bool replace = false;
};
/// Requires: `pipeline` is a JSON object.
std::string encode(const PipelineUploadRequest& request);
/// Errors: Protocol also when uuid is no UUID or there is no pipeline.
Result<PipelineUploadRequest> decode_pipeline_upload_request(std::string_view json);

enum class PipelineUploadState : std::uint8_t {
  Other,  ///< a state that the protocol does not know
  Pending,
  Processing,
  Applied,
  Rejected,
  Failed,
};

/// The answer of `GET jobs/:id/pipelines/:uuid`.
struct PipelineUploadStatus {
  PipelineUploadState state = PipelineUploadState::Other;
  std::string message;
};
std::string encode(const PipelineUploadStatus& status);
Result<PipelineUploadStatus> decode_pipeline_upload_status(std::string_view json);

}  // namespace ostler::wire
