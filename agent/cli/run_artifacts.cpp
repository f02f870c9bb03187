// SPDX-License-Identifier: Apache-2.0
#include "cli/run_artifacts.hpp"

#include <algorithm>
#include <utility>

#include "console/plain_text.hpp"
#include "files/beneath.hpp"

namespace ostler::cli {
namespace {

Result<void> save(HubClient& hub, const wire::RestArtifactAnswer& artifact,
                  const std::filesystem::path& directory) {
  OSTLER_TRY(const auto path, files::make_path_beneath(directory, artifact.path));
  return hub.download(artifact.download_url, path);
}

}  // namespace

SavedArtifacts save_artifacts(HubClient& hub,
                              const std::vector<wire::RestArtifactAnswer>& artifacts,
                              const std::filesystem::path& directory) {
  SavedArtifacts saved;
  for (const wire::RestArtifactAnswer& artifact : artifacts) {
    auto done = save(hub, artifact, directory);
    if (!done) {
      saved.faults.push_back(
          std::move(done).error().with_context("artifact " + console::plain_line(artifact.path)));
    } else if (std::ranges::find(saved.paths, std::filesystem::path(artifact.path)) ==
               saved.paths.end()) {
      saved.paths.emplace_back(artifact.path);
    }
  }
  return saved;
}

}  // namespace ostler::cli
