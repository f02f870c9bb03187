// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "wire/agent_api.hpp"

// The artifact calls of the Agent API. Source: reference/agent-api.md 2.14, 6.4.
namespace ostler::wire {

/// An artifact as a batch declares it and as a search returns it.
struct Artifact {
  std::string id;
  std::string path;
  std::string absolute_path;
  std::string glob_path;
  std::int64_t file_size = 0;
  std::string sha1sum;    ///< lower-case hex
  std::string sha256sum;  ///< lower-case hex
  std::string job_id;
  std::optional<Timestamp> created_at;
  std::string url;
  std::string upload_destination;  ///< of its own only in search results
  std::string content_type;
};

/// The most artifacts that one batch may declare.
inline constexpr std::size_t kArtifactsPerBatch = 30;

struct ArtifactBatch {
  std::string id;  ///< made by the client, the same in every repeat of the batch
  std::vector<Artifact> artifacts;
  std::string upload_destination;
  bool multipart_supported = false;
};
std::string encode(const ArtifactBatch& batch);
Result<ArtifactBatch> decode_artifact_batch(std::string_view json);

/// One request of an upload: a form upload (path, file_input) or one part (part_number).
struct UploadAction {
  std::string url;
  std::string method;
  std::string path;  ///< form upload: replaces the path of `url`, whose query stays
  std::string file_input;
  std::int64_t part_number = 0;
};

/// Stands for the artifact's path in the value of a form field.
inline constexpr std::string_view kArtifactPathMark = "${artifact:path}";

struct UploadInstructions {
  StringMap data;  ///< form fields
  std::optional<UploadAction> action;
  std::vector<UploadAction> actions;  ///< several parts; `action` counts only when this is empty
};

struct ArtifactBatchResponse {
  std::string id;
  std::vector<std::string> artifact_ids;  ///< same length and order as the request
  std::optional<UploadInstructions> upload_instructions;
  std::map<std::string, UploadInstructions> per_artifact_instructions;  ///< by artifact id
};
std::string encode(const ArtifactBatchResponse& response);
Result<ArtifactBatchResponse> decode_artifact_batch_response(std::string_view json);

enum class ArtifactUploadState : std::uint8_t { Finished, Error };

struct PartEtag {
  std::int64_t part_number = 0;
  std::string etag;  ///< as the store sent it, quotes included
};

struct ArtifactStateUpdate {
  std::string id;
  ArtifactUploadState state = ArtifactUploadState::Finished;
  bool multipart = false;
  std::vector<PartEtag> multipart_etags;
};
std::string encode(const std::vector<ArtifactStateUpdate>& updates);
/// Errors: Protocol also for a state other than finished and error.
Result<std::vector<ArtifactStateUpdate>> decode_artifact_states(std::string_view json);

/// The answer of a search.
std::string encode(const std::vector<Artifact>& artifacts);
Result<std::vector<Artifact>> decode_artifacts(std::string_view json);

}  // namespace ostler::wire
