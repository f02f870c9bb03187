// SPDX-License-Identifier: Apache-2.0
#include "cli/run_artifacts.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <utility>

#include "console/plain_text.hpp"
#include "files/new_file_beneath.hpp"

namespace ostler::cli {
namespace {

namespace fs = std::filesystem;

mode_t mode_of_saved_files() {
  const mode_t mask = ::umask(0);
  ::umask(mask);
  return 0666 & ~mask;
}

Result<UniqueFd> open_made(const fs::path& directory) {
  std::error_code error;
  fs::create_directories(directory, error);
  if (error) return Error::from_errno(error.value(), "make directory " + directory.string());
  UniqueFd fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd) return Error::from_errno(errno, "open directory " + directory.string());
  return fd;
}

/// Whole or not at all: what a killed command has begun is not there.
Result<void> save(HubClient& hub, const wire::RestArtifactAnswer& artifact, int directory) {
  OSTLER_TRY(auto file, files::NewFileBeneath::make(directory, artifact.path));
  OSTLER_TRY(hub.download(artifact.download_url, file.path()));
  std::error_code error;
  const auto size = fs::file_size(file.path(), error);
  if (error) return Error::from_errno(error.value(), "look at what came");
  if (size != static_cast<std::uintmax_t>(artifact.file_size)) {
    return Error(Errc::Corrupt, "it has " + std::to_string(size) + " bytes, not the " +
                                    std::to_string(artifact.file_size) +
                                    " that were uploaded; not keeping it");
  }
  return file.keep(mode_of_saved_files());
}

}  // namespace

SavedArtifacts save_artifacts(HubClient& hub,
                              const std::vector<wire::RestArtifactAnswer>& artifacts,
                              const std::filesystem::path& directory) {
  SavedArtifacts saved;
  if (artifacts.empty()) return saved;
  const auto opened = open_made(directory);
  if (!opened) {
    saved.faults.push_back(opened.error());
    return saved;
  }
  for (const wire::RestArtifactAnswer& artifact : artifacts) {
    auto done = save(hub, artifact, opened.value().get());
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
