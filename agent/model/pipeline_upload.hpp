// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace ostler::model {

/// What became of a pipeline upload. The numbers are stored: append, never renumber.
enum class PipelineUploadState : std::uint8_t {
  Applied = 1,
  Rejected = 2,  ///< nothing of it was taken in
};

struct PipelineUpload {
  PipelineUploadState state = PipelineUploadState::Applied;
  std::string message;  ///< why it was rejected, one line per fault; at most 16 KiB
};

}  // namespace ostler::model
