// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/uuid.hpp"
#include "model/pipeline_upload.hpp"

namespace ostler::wire {

/// What a job of a build has uploaded.
struct RestStepUpload {
  Uuid uuid;
  JobId job;
  model::PipelineUpload upload;
  bool replaces = false;
  std::optional<std::int64_t> created_jobs{};
  std::optional<std::int64_t> size{};  ///< of its JSON, in bytes
  Timestamp created_at{};
  std::string url{};  ///< its own
};

/// `has_definition` adds what is said of the definition, whose text is kept nowhere.
/// Source: rest-api, 17.
std::string encode_rest_step_upload(const RestStepUpload& upload, bool has_definition);

}  // namespace ostler::wire
