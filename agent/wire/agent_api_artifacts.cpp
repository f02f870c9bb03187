// SPDX-License-Identifier: Apache-2.0
#include "wire/agent_api_artifacts.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "wire/json_reader.hpp"

namespace ostler::wire {

using nlohmann::json;

namespace {

json to_json(const Artifact& artifact) {
  json object = {{"id", artifact.id},
                 {"path", artifact.path},
                 {"absolute_path", artifact.absolute_path},
                 {"glob_path", artifact.glob_path},
                 {"file_size", artifact.file_size},
                 {"sha1sum", artifact.sha1sum},
                 {"sha256sum", artifact.sha256sum},
                 {"job_id", artifact.job_id},
                 {"created_at", nullptr}};
  if (artifact.created_at) object["created_at"] = format_rfc3339(*artifact.created_at, 6);
  put_unless_empty(object, "url", artifact.url);
  put_unless_empty(object, "upload_destination", artifact.upload_destination);
  put_unless_empty(object, "content_type", artifact.content_type);
  return object;
}

Result<Artifact> artifact_from(const json& object) {
  ObjectReader reader(object, "artifact");
  Artifact artifact;
  reader.read("id", artifact.id);
  reader.read("path", artifact.path);
  reader.read("absolute_path", artifact.absolute_path);
  reader.read("glob_path", artifact.glob_path);
  reader.read("file_size", artifact.file_size);
  reader.read("sha1sum", artifact.sha1sum);
  reader.read("sha256sum", artifact.sha256sum);
  reader.read("job_id", artifact.job_id);
  reader.read("created_at", artifact.created_at);
  reader.read("url", artifact.url);
  reader.read("upload_destination", artifact.upload_destination);
  reader.read("content_type", artifact.content_type);
  reader.require(artifact.file_size >= 0, "file_size", "a number of at least 0");
  OSTLER_TRY(reader.finish());
  return artifact;
}

Result<std::vector<Artifact>> artifacts_from(const json& array) {
  std::vector<Artifact> artifacts;
  for (const json& item : array) {
    OSTLER_TRY(auto artifact, artifact_from(item));
    artifacts.push_back(std::move(artifact));
  }
  return artifacts;
}

json to_json(const UploadAction& action) {
  json object = {{"url", action.url}, {"method", action.method}};
  put_unless_empty(object, "path", action.path);
  put_unless_empty(object, "file_input", action.file_input);
  if (action.part_number > 0) object["part_number"] = action.part_number;
  return object;
}

Result<UploadAction> action_from(const json& object) {
  ObjectReader reader(object, "upload action");
  UploadAction action;
  reader.read("url", action.url);
  reader.read("method", action.method);
  reader.read("path", action.path);
  reader.read("file_input", action.file_input);
  reader.read("part_number", action.part_number);
  OSTLER_TRY(reader.finish());
  return action;
}

json to_json(const UploadInstructions& instructions) {
  json object = json::object();
  if (!instructions.data.empty()) object["data"] = instructions.data;
  if (instructions.action) object["action"] = to_json(*instructions.action);
  for (const UploadAction& action : instructions.actions) {
    object["actions"].push_back(to_json(action));
  }
  return object;
}

Result<UploadInstructions> instructions_from(const json& object) {
  ObjectReader reader(object, "upload instructions");
  UploadInstructions instructions;
  reader.read("data", instructions.data);
  if (const json* action = reader.object("action")) {
    OSTLER_TRY(instructions.action, action_from(*action));
  }
  if (const json* actions = reader.array("actions")) {
    for (const json& item : *actions) {
      OSTLER_TRY(auto action, action_from(item));
      instructions.actions.push_back(std::move(action));
    }
  }
  OSTLER_TRY(reader.finish());
  return instructions;
}

json to_json(const ArtifactStateUpdate& update) {
  const bool finished = update.state == ArtifactUploadState::Finished;
  json object = {{"id", update.id}, {"state", finished ? "finished" : "error"}};
  if (update.multipart) object["multipart"] = true;
  for (const PartEtag& part : update.multipart_etags) {
    object["multipart_etags"].push_back({{"part_number", part.part_number}, {"etag", part.etag}});
  }
  return object;
}

Result<ArtifactStateUpdate> state_update_from(const json& object) {
  ObjectReader reader(object, "artifact state");
  ArtifactStateUpdate update;
  std::string state;
  reader.read("id", update.id);
  reader.read("state", state);
  reader.read("multipart", update.multipart);
  reader.require(state == "finished" || state == "error", "state", "finished or error");
  if (const json* etags = reader.array("multipart_etags")) {
    for (const json& item : *etags) {
      ObjectReader part_reader(item, "artifact state: field multipart_etags");
      PartEtag& part = update.multipart_etags.emplace_back();
      part_reader.read("part_number", part.part_number);
      part_reader.read("etag", part.etag);
      OSTLER_TRY(part_reader.finish());
    }
  }
  OSTLER_TRY(reader.finish());
  if (state == "error") update.state = ArtifactUploadState::Error;
  return update;
}

}  // namespace

std::string encode(const ArtifactBatch& batch) {
  json object = {{"id", batch.id},
                 {"artifacts", json::array()},
                 {"upload_destination", batch.upload_destination}};
  for (const Artifact& artifact : batch.artifacts) object["artifacts"].push_back(to_json(artifact));
  if (batch.multipart_supported) object["multipart_supported"] = true;
  return to_text(object);
}

Result<ArtifactBatch> decode_artifact_batch(std::string_view text) {
  OSTLER_TRY(auto object, parse_json(text, "artifact batch"));
  ObjectReader reader(object, "artifact batch");
  ArtifactBatch batch;
  reader.read("id", batch.id);
  reader.read("upload_destination", batch.upload_destination);
  reader.read("multipart_supported", batch.multipart_supported);
  if (const json* artifacts = reader.array("artifacts")) {
    OSTLER_TRY(batch.artifacts, artifacts_from(*artifacts));
  }
  OSTLER_TRY(reader.finish());
  return batch;
}

std::string encode(const ArtifactBatchResponse& response) {
  json object = {{"id", response.id}, {"artifact_ids", response.artifact_ids}};
  if (response.upload_instructions) {
    object["upload_instructions"] = to_json(*response.upload_instructions);
  }
  for (const auto& [id, instructions] : response.per_artifact_instructions) {
    object["per_artifact_instructions"][id] = to_json(instructions);
  }
  return to_text(object);
}

Result<ArtifactBatchResponse> decode_artifact_batch_response(std::string_view text) {
  OSTLER_TRY(auto object, parse_json(text, "artifact batch answer"));
  ObjectReader reader(object, "artifact batch answer");
  ArtifactBatchResponse response;
  reader.read("id", response.id);
  reader.read("artifact_ids", response.artifact_ids);
  if (const json* template_for_all = reader.object("upload_instructions")) {
    OSTLER_TRY(response.upload_instructions, instructions_from(*template_for_all));
  }
  if (const json* own = reader.object("per_artifact_instructions")) {
    for (const auto& [id, value] : own->items()) {
      OSTLER_TRY(response.per_artifact_instructions[id], instructions_from(value));
    }
  }
  OSTLER_TRY(reader.finish());
  return response;
}

std::string encode(const std::vector<ArtifactStateUpdate>& updates) {
  json items = json::array();
  for (const ArtifactStateUpdate& update : updates) items.push_back(to_json(update));
  return to_text(json::object({{"artifacts", std::move(items)}}));
}

Result<std::vector<ArtifactStateUpdate>> decode_artifact_states(std::string_view text) {
  OSTLER_TRY(auto object, parse_json(text, "artifact states"));
  ObjectReader reader(object, "artifact states");
  std::vector<ArtifactStateUpdate> updates;
  if (const json* items = reader.array("artifacts")) {
    for (const json& item : *items) {
      OSTLER_TRY(auto update, state_update_from(item));
      updates.push_back(std::move(update));
    }
  }
  OSTLER_TRY(reader.finish());
  return updates;
}

std::string encode(const std::vector<Artifact>& artifacts) {
  json items = json::array();
  for (const Artifact& artifact : artifacts) items.push_back(to_json(artifact));
  return to_text(items);
}

Result<std::vector<Artifact>> decode_artifacts(std::string_view text) {
  OSTLER_TRY(auto items, parse_json(text, "artifact search answer"));
  if (!items.is_array()) {
    return Error(Errc::Protocol, "artifact search answer: expected a JSON array");
  }
  return artifacts_from(items);
}

}  // namespace ostler::wire
