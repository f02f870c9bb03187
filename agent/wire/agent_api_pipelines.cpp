// SPDX-License-Identifier: Apache-2.0
#include "wire/agent_api_pipelines.hpp"

#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/uuid.hpp"
#include "pipeline/exact_json.hpp"
#include "wire/exact_json_reader.hpp"
#include "wire/json_reader.hpp"

namespace ostler::wire {

using nlohmann::json;

namespace {

using State = PipelineUploadState;

constexpr std::array<std::pair<State, std::string_view>, 5> kUploadStates{{
    {State::Pending, "pending"},
    {State::Processing, "processing"},
    {State::Applied, "applied"},
    {State::Rejected, "rejected"},
    {State::Failed, "failed"},
}};

std::string_view name_of(State state) {
  for (const auto& [value, name] : kUploadStates) {
    if (value == state) return name;
  }
  return "";
}

State state_of(std::string_view text) {
  for (const auto& [value, name] : kUploadStates) {
    if (name == text) return value;
  }
  return State::Other;
}

}  // namespace

std::string encode(const PipelineUploadRequest& request) {
  // Not through a JSON value, which would sort the pipeline's keys: the order of env counts.
  std::string text = R"({"uuid":)" + to_text(request.uuid) + R"(,"pipeline":)" + request.pipeline;
  if (request.replace) text += R"(,"replace":true)";
  return text + "}";
}

Result<PipelineUploadRequest> decode_pipeline_upload_request(std::string_view text) {
  // The configurations of plugins keep the texts of their numbers.
  OSTLER_TRY(auto object, parse_exact_json(text, "pipeline upload"));
  ObjectReader reader(object, "pipeline upload");
  PipelineUploadRequest request;
  reader.read("uuid", request.uuid);
  reader.read("replace", request.replace);
  const auto uuid = Uuid::parse(request.uuid);
  reader.require(uuid.has_value(), "uuid", "a UUID");
  const json* pipeline = reader.object("pipeline");
  reader.require(pipeline != nullptr, "pipeline", "an object");
  OSTLER_TRY(reader.finish());
  request.uuid = uuid->str();
  request.pipeline = pipeline::exact_json_text(*pipeline);
  return request;
}

std::string encode(const PipelineUploadStatus& status) {
  json object = {{"state", name_of(status.state)}};
  put_unless_empty(object, "message", status.message);
  return to_text(object);
}

Result<PipelineUploadStatus> decode_pipeline_upload_status(std::string_view text) {
  OSTLER_TRY(auto object, parse_json(text, "pipeline upload status"));
  ObjectReader reader(object, "pipeline upload status");
  PipelineUploadStatus status;
  std::string state;
  reader.read("state", state);
  reader.read("message", status.message);
  OSTLER_TRY(reader.finish());
  status.state = state_of(state);
  return status;
}

}  // namespace ostler::wire
