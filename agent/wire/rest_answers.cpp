// SPDX-License-Identifier: Apache-2.0
#include "wire/rest_answers.hpp"

#include <nlohmann/json.hpp>

#include "wire/json_list.hpp"
#include "wire/json_reader.hpp"

namespace ostler::wire {

using nlohmann::json;

namespace {

Result<RestArtifactAnswer> read_artifact(const json& object) {
  RestArtifactAnswer artifact;
  ObjectReader reader(object, "artifact");
  reader.read("id", artifact.id);
  reader.read("job_id", artifact.job_id);
  reader.read("path", artifact.path);
  reader.read("state", artifact.state);
  reader.read("download_url", artifact.download_url);
  reader.read("file_size", artifact.file_size);
  reader.require(!artifact.path.empty(), "path", "the artifact's path");
  OSTLER_TRY(reader.finish());
  return artifact;
}

Result<std::string> read_slug(const json& object, std::string_view what) {
  std::string slug;
  ObjectReader reader(object, what);
  reader.read("slug", slug);
  reader.require(!slug.empty(), "slug", "a slug");
  OSTLER_TRY(reader.finish());
  return slug;
}

Result<RestPipelineAnswer> read_pipeline(const json& object) {
  RestPipelineAnswer pipeline;
  ObjectReader reader(object, "pipeline");
  reader.read("slug", pipeline.slug);
  reader.read("repository", pipeline.repository);
  reader.read("default_branch", pipeline.default_branch);
  reader.read("name", pipeline.name);
  reader.read("description", pipeline.description);
  reader.read("branch_configuration", pipeline.branch_configuration);
  reader.read("configuration", pipeline.configuration);
  reader.read("poll_interval_seconds", pipeline.poll_seconds);
  reader.read("scheduled_builds_count", pipeline.scheduled_builds);
  reader.read("running_builds_count", pipeline.running_builds);
  reader.read("running_jobs_count", pipeline.running_jobs);
  reader.read("created_at", pipeline.created_at);
  reader.read("archived_at", pipeline.archived_at);
  reader.require(!pipeline.slug.empty(), "slug", "a slug");
  OSTLER_TRY(reader.finish());
  return pipeline;
}

}  // namespace

Result<RestPipelineAnswer> decode_rest_pipeline(std::string_view text) {
  OSTLER_TRY(const json object, parse_json(text, "pipeline"));
  return read_pipeline(object);
}

Result<std::vector<RestPipelineAnswer>> decode_rest_pipelines(std::string_view text) {
  return decode_list(text, "pipelines", read_pipeline);
}

Result<std::vector<RestArtifactAnswer>> decode_rest_artifacts(std::string_view text) {
  return decode_list(text, "artifacts", read_artifact);
}

Result<std::string> decode_rest_pipeline_slug(std::string_view text) {
  OSTLER_TRY(const json object, parse_json(text, "pipeline"));
  return read_slug(object, "pipeline");
}

Result<std::string> decode_rest_organization_url(std::string_view text) {
  OSTLER_TRY(const json object, parse_json(text, "organization"));
  return text_in(object, "url");
}

Result<RestTokenAnswer> decode_rest_token(std::string_view text) {
  OSTLER_TRY(const json object, parse_json(text, "access token"));
  RestTokenAnswer token;
  ObjectReader reader(object, "access token");
  reader.read("description", token.description);
  reader.read("scopes", token.scopes);
  const json* user = reader.object("user");
  OSTLER_TRY(reader.finish());
  if (user == nullptr) return token;
  ObjectReader user_reader(*user, "user");
  user_reader.read("name", token.user_name);
  user_reader.read("email", token.user_email);
  OSTLER_TRY(user_reader.finish());
  return token;
}

Result<std::vector<std::string>> decode_rest_organization_slugs(std::string_view text) {
  return decode_list<std::string>(
      text, "organizations", [](const json& object) { return read_slug(object, "organization"); });
}

std::string rest_error_text(std::string_view body) {
  constexpr std::size_t kShown = 200;
  const json object = json::parse(body, nullptr, false);
  if (!object.is_object() || text_in(object, "message").empty()) {
    return std::string(body.substr(0, kShown));
  }
  std::string text = text_in(object, "message");
  const auto errors = object.find("errors");
  if (errors == object.end() || !errors->is_array()) return text;
  for (const json& error : *errors) {
    if (!error.is_object()) continue;
    const std::string excerpt = text_in(error, "excerpt");
    const std::string fault = text_in(error, "field") + ": " + text_in(error, "code");
    if (excerpt.empty()) {
      text += (&error == &errors->front() ? ": " : "; ") + fault;
    } else {
      text += "\n" + fault + "\n" + excerpt;
    }
  }
  return text;
}

}  // namespace ostler::wire
