// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/uuid.hpp"
#include "model/pipeline_upload.hpp"

namespace ostler::store {

/// What a build has been uploaded.
struct FindUploads {
  BuildId build;
  std::optional<JobId> job{};           ///< whose; none: of all
  std::optional<std::string> uuid{};    ///< none: all
  std::optional<std::int64_t> below{};  ///< only numbers below it
  /// Only numbers above it, and of these the lowest. Not together with `below`.
  std::optional<std::int64_t> above{};
  std::int64_t limit = 30;
};

struct KeptUpload {
  std::int64_t number = 0;  ///< in its build, from 1, without gaps
  std::string uuid{};       ///< that its job gave it
  JobId job;
  model::PipelineUpload upload;
  bool replaces = false;                       ///< steps that had not begun; unknown ones are false
  std::optional<std::int64_t> created_jobs{};  ///< none: none was taken in, or unknown
  std::optional<std::int64_t> size{};          ///< of its JSON, in bytes; none: unknown
  Timestamp created_at{};
};

}  // namespace ostler::store
