// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "hub/agent_api/handlers.hpp"
#include "hub/uploaded_file.hpp"
#include "wire/agent_api_artifacts.hpp"

namespace ostler::agent_api {
namespace {

using Use = hub::ArtifactLinks::Use;

/// An upload may begin late: a batch has 30 artifacts, and each is tried ten times.
constexpr std::chrono::hours kUploadLife{6};
constexpr std::chrono::hours kDownloadLife{1};

model::Artifact declared(const wire::Artifact& artifact) {
  model::Artifact made;
  made.path = artifact.path;
  made.absolute_path = artifact.absolute_path;
  made.content_type = artifact.content_type;
  made.sha1sum = artifact.sha1sum;
  made.sha256sum = artifact.sha256sum;
  made.url = artifact.url;
  made.file_size = artifact.file_size;
  return made;
}

Result<void> check_batch(const wire::ArtifactBatch& batch) {
  if (batch.id.empty()) return Error(Errc::UserFault, "the batch has no id");
  if (batch.artifacts.empty() || batch.artifacts.size() > wire::kArtifactsPerBatch) {
    return Error(Errc::UserFault, "a batch declares 1 to " +
                                      std::to_string(wire::kArtifactsPerBatch) + " artifacts");
  }
  for (const wire::Artifact& artifact : batch.artifacts) {
    if (artifact.path.empty()) return Error(Errc::UserFault, "an artifact has no path");
  }
  return success();
}

wire::UploadInstructions form_upload(const Backend& backend, ArtifactId artifact, Use use) {
  wire::UploadInstructions instructions;
  // Clients take origin and query from the URL, and the path from `path`.
  instructions.action =
      wire::UploadAction{.url = backend.links.url(artifact, use, backend.clock.now(), kUploadLife),
                         .method = "POST",
                         .path = hub::ArtifactLinks::path(artifact, use),
                         .file_input = std::string(hub::kFileField)};
  return instructions;
}

/// Every client is told twice how to upload: each artifact by itself, where equal paths cannot be
/// taken for each other, and by one template for all, which is all that older agents know.
wire::ArtifactBatchResponse instructions_for(const Backend& backend, std::string batch,
                                             const std::vector<ArtifactId>& ids) {
  wire::ArtifactBatchResponse answer{.id = std::move(batch),
                                     .artifact_ids = {},
                                     .upload_instructions = {},
                                     .per_artifact_instructions = {}};
  for (const ArtifactId id : ids) {
    answer.artifact_ids.push_back(id.str());
    answer.per_artifact_instructions.emplace(id.str(), form_upload(backend, id, Use::Upload));
  }
  answer.upload_instructions = form_upload(backend, ids.front(), Use::UploadBatch);
  answer.upload_instructions->data.emplace(hub::kPathField, wire::kArtifactPathMark);
  return answer;
}

wire::Artifact found_artifact(const Backend& backend, const model::Artifact& artifact) {
  wire::Artifact found;
  found.id = artifact.id.str();
  found.path = artifact.path;
  found.absolute_path = artifact.absolute_path;
  found.file_size = artifact.file_size;
  found.sha1sum = artifact.sha1sum;
  found.sha256sum = artifact.sha256sum;
  found.job_id = artifact.job.str();
  found.created_at = artifact.created_at;
  found.upload_destination = artifact.upload_destination;
  found.content_type = artifact.content_type;
  found.url = artifact.url;
  if (found.url.empty()) {
    found.url = backend.links.url(artifact.id, Use::Download, backend.clock.now(), kDownloadLife);
  }
  return found;
}

/// Refuses a report that names an artifact as finished whose bytes never came.
boost::asio::awaitable<Result<void>> check_bytes(const Backend& backend, ArtifactId id) {
  OSTLER_CO_TRY(const auto artifact, co_await backend.store.artifact(id));
  if (!artifact.upload_destination.empty()) co_return success();
  OSTLER_CO_TRY(co_await backend.blocking.run([&]() -> Result<void> {
    OSTLER_TRY(backend.blobs.open(store::BlobName::of(id)));
    return success();
  }));
  co_return success();
}

}  // namespace

Answer create_artifacts(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const auto job, job_of(call));
  OSTLER_CO_TRY(const auto batch, wire::decode_artifact_batch(call.body));
  OSTLER_CO_TRY(check_batch(batch));
  if (const auto room = backend.disk.admit(); !room && batch.upload_destination.empty()) {
    // A repeat takes no room: it has the answer of the first time.
    OSTLER_CO_TRY(const bool is_repeat, co_await backend.store.is_batch_declared(job, batch.id));
    if (!is_repeat) co_return room.error();
  }
  store::CreateArtifacts command{.agent = call.agent,
                                 .job = job,
                                 .batch = batch.id,
                                 .upload_destination = batch.upload_destination,
                                 .artifacts = {},
                                 .now = backend.clock.now()};
  for (const wire::Artifact& artifact : batch.artifacts) {
    command.artifacts.push_back(declared(artifact));
  }
  OSTLER_CO_TRY(const auto ids, co_await backend.store.create_artifacts(std::move(command)));
  co_return net::json_response(201, wire::encode(instructions_for(backend, batch.id, ids)));
}

Answer update_artifacts(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const auto job, job_of(call));
  OSTLER_CO_TRY(const auto updates, wire::decode_artifact_states(call.body));
  store::UpdateArtifacts command{
      .agent = call.agent, .job = job, .reports = {}, .now = backend.clock.now()};
  for (const auto& update : updates) {
    const auto id = ArtifactId::parse(update.id);
    if (!id) co_return Error(Errc::NotFound, "no such artifact");
    const bool failed = update.state == wire::ArtifactUploadState::Error;
    if (!failed) {
      OSTLER_CO_TRY(co_await check_bytes(backend, *id));
    }
    command.reports.push_back(
        {*id, failed ? model::ArtifactEvent::Fail : model::ArtifactEvent::Finish});
  }
  OSTLER_CO_TRY(const auto build, co_await backend.store.update_artifacts(std::move(command)));
  backend.changes.told(build);
  co_return ok("{}");
}

Answer search_artifacts(const Backend& backend, Call call) {
  const auto build = BuildId::parse(call.id);
  std::vector<wire::Artifact> answer;
  if (build && co_await check_readable(backend, call, *build)) {
    store::SearchArtifacts query{
        .build = *build,
        .query = call.request.parameter("query").value_or(""),
        .scope = call.request.parameter("scope").value_or(""),
        .include_duplicates = call.request.parameter("include_duplicates") == "true",
        .include_retried_jobs = call.request.parameter("include_retried_jobs") == "true"};
    OSTLER_CO_TRY(const auto found, co_await backend.store.search_artifacts(std::move(query)));
    for (const auto& artifact : found) answer.push_back(found_artifact(backend, artifact));
  }
  co_return ok(wire::encode(answer));
}

}  // namespace ostler::agent_api
