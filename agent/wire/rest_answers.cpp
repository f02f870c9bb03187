// SPDX-License-Identifier: Apache-2.0
#include "wire/rest_answers.hpp"

#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "wire/json_reader.hpp"

namespace ostler::wire {

using nlohmann::json;

namespace {

constexpr std::array<std::pair<std::string_view, RestJobProgress>, 11> kProgress{{
    {"running", RestJobProgress::Running},
    {"canceling", RestJobProgress::Running},
    {"timing_out", RestJobProgress::Running},
    {"passed", RestJobProgress::Passed},
    {"failed", RestJobProgress::Failed},
    {"timed_out", RestJobProgress::TimedOut},
    {"canceled", RestJobProgress::Canceled},
    {"waiting_failed", RestJobProgress::NotRun},
    {"skipped", RestJobProgress::NotRun},
    {"broken", RestJobProgress::NotRun},
    {"expired", RestJobProgress::NotRun},
}};

RestJobProgress progress_of(std::string_view state) {
  for (const auto& [name, progress] : kProgress) {
    if (name == state) return progress;
  }
  return RestJobProgress::Waiting;
}

Result<RestJobAnswer> read_job(const json& object) {
  RestJobAnswer job;
  std::string state;
  ObjectReader reader(object, "job");
  reader.read("id", job.id);
  reader.read("type", job.type);
  reader.read("name", job.name);
  reader.read("step_key", job.step_key);
  reader.read("command", job.command);
  reader.read("state", state);
  reader.read("exit_status", job.exit_status);
  reader.read("signal", job.signal);
  reader.read("signal_reason", job.signal_reason);
  reader.read("started_at", job.started_at);
  reader.read("finished_at", job.finished_at);
  reader.require(!job.id.empty(), "id", "the job's id");
  OSTLER_TRY(reader.finish());
  job.progress = progress_of(state);
  return job;
}

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

/// The string in a field; empty when there is none.
std::string text_in(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Result<std::string> read_slug(const json& object, std::string_view what) {
  std::string slug;
  ObjectReader reader(object, what);
  reader.read("slug", slug);
  reader.require(!slug.empty(), "slug", "a slug");
  OSTLER_TRY(reader.finish());
  return slug;
}

}  // namespace

Result<RestBuildAnswer> decode_rest_build(std::string_view text) {
  OSTLER_TRY(const json object, parse_json(text, "build"));
  RestBuildAnswer build;
  ObjectReader reader(object, "build");
  reader.read("number", build.number);
  reader.read("state", build.state);
  reader.read("created_at", build.created_at);
  reader.read("finished_at", build.finished_at);
  reader.require(build.number > 0, "number", "the build's number");
  const json* jobs = reader.array("jobs");
  OSTLER_TRY(reader.finish());
  if (jobs == nullptr) return build;
  for (const json& one : *jobs) {
    OSTLER_TRY(RestJobAnswer job, read_job(one));
    build.jobs.push_back(std::move(job));
  }
  return build;
}

Result<std::vector<RestArtifactAnswer>> decode_rest_artifacts(std::string_view text) {
  OSTLER_TRY(const json list, parse_json(text, "artifacts"));
  if (!list.is_array()) return Error(Errc::Protocol, "artifacts: expected a JSON array");
  std::vector<RestArtifactAnswer> artifacts;
  for (const json& one : list) {
    OSTLER_TRY(RestArtifactAnswer artifact, read_artifact(one));
    artifacts.push_back(std::move(artifact));
  }
  return artifacts;
}

Result<std::string> decode_rest_pipeline_slug(std::string_view text) {
  OSTLER_TRY(const json object, parse_json(text, "pipeline"));
  return read_slug(object, "pipeline");
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
  OSTLER_TRY(const json list, parse_json(text, "organizations"));
  if (!list.is_array()) return Error(Errc::Protocol, "organizations: expected an array");
  std::vector<std::string> slugs;
  for (const json& object : list) {
    OSTLER_TRY(slugs.emplace_back(), read_slug(object, "organization"));
  }
  return slugs;
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
    if (error.is_object()) text += "\n" + text_in(error, "field") + ": " + text_in(error, "code");
  }
  return text;
}

}  // namespace ostler::wire
