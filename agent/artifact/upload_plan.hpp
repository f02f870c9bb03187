// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "artifact/find.hpp"
#include "base/result.hpp"
#include "net/http_message.hpp"
#include "wire/agent_api_artifacts.hpp"

namespace ostler::artifact {

/// One file with what the server was told of it.
struct Upload {
  std::filesystem::path file;
  wire::Artifact artifact;
};

/// One request that brings a file, or a part of it, to where the server said.
struct UploadUnit {
  std::size_t upload = 0;        ///< which of the batch's files
  std::int64_t part_number = 0;  ///< 0: the whole file, as a form
  net::HttpRequest request;
};

/// Errors: Protocol when there is not one id for each of the uploads.
Result<void> check_ids(const std::vector<Upload>& uploads,
                       const wire::ArtifactBatchResponse& response);

/// The requests of one batch, in order. Parts are as even as can be, the first ones longer.
/// Requires: checked ids. Errors: Protocol when instructions are missing or make no sense.
/// Source: agent-api 6.4.
Result<std::vector<UploadUnit>> plan_uploads(const std::vector<Upload>& uploads,
                                             const wire::ArtifactBatchResponse& response);

}  // namespace ostler::artifact
