// SPDX-License-Identifier: Apache-2.0
#include "wire/rest_artifact.hpp"

#include "base/assert.hpp"
#include "wire/rest_json.hpp"

namespace ostler::wire {
namespace {

std::string_view state_name(model::ArtifactState state) {
  switch (state) {
    case model::ArtifactState::New: return "new";
    case model::ArtifactState::Finished: return "finished";
    case model::ArtifactState::Error: return "error";
  }
  OSTLER_ASSERT(false);
}

}  // namespace

std::string encode_rest_artifact(const model::Artifact& artifact, std::string_view pipeline,
                                 std::int64_t build, const RestUrls& urls) {
  const std::string url = urls.artifact(pipeline, build, artifact.job, artifact.id);
  const std::string_view path = artifact.path;
  const std::size_t slash = path.rfind('/');
  const bool top_level = slash == std::string_view::npos;
  return JsonObjectText()
      .text("id", artifact.id.str())
      .text("job_id", artifact.job.str())
      .text("url", url)
      .text("download_url", url + "/download")
      .text("state", state_name(artifact.state))
      .text("path", path)
      .text("dirname", top_level ? "." : path.substr(0, slash))
      .text("filename", top_level ? path : path.substr(slash + 1))
      .text("mime_type",
            artifact.content_type.empty() ? "application/octet-stream" : artifact.content_type)
      .number("file_size", artifact.file_size)
      .null("glob_path")
      .null("original_path")
      .text("sha1sum", artifact.sha1sum)
      .finish();
}

std::string encode_rest_download(std::string_view url) {
  return JsonObjectText().text("url", url).finish();
}

std::optional<RestArtifactStateFilter> rest_artifact_state_filter(std::string_view name) {
  using model::ArtifactState;
  for (const auto state : {ArtifactState::New, ArtifactState::Finished, ArtifactState::Error}) {
    if (state_name(state) == name) return RestArtifactStateFilter{state};
  }
  if (name == "deleted" || name == "expired") return RestArtifactStateFilter{};
  return std::nullopt;
}

}  // namespace ostler::wire
