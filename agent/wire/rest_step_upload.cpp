// SPDX-License-Identifier: Apache-2.0
#include "wire/rest_step_upload.hpp"

#include "wire/rest_json.hpp"

namespace ostler::wire {

std::string encode_rest_step_upload(const RestStepUpload& upload, bool has_definition) {
  const bool is_rejected = upload.upload.state == model::PipelineUploadState::Rejected;
  JsonObjectText object;
  object.text("uuid", upload.uuid.str())
      .text("graphql_id", graphql_id("BuildStepUpload", upload.uuid))
      .text("state", is_rejected ? "rejected" : "applied")
      .text("source", "job")
      .text("source_job_id", upload.job.str())
      .flag("replace_existing_steps", upload.replaces)
      .number("created_jobs_count", upload.created_jobs)
      .text_or_null("rejection_type", is_rejected ? "validation_error" : "")
      .text_or_null("message", upload.upload.message)
      .text("url", upload.url)
      .time("created_at", upload.created_at)
      .time("processed_at", upload.created_at);
  if (has_definition) {
    object.number("definition_bytes", upload.size)
        .null("definition_yaml")
        .flag("definition_yaml_omitted", true);
  }
  return object.finish();
}

}  // namespace ostler::wire
