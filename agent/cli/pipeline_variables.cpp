// SPDX-License-Identifier: Apache-2.0
#include "cli/pipeline_variables.hpp"

#include <cstdio>
#include <filesystem>

#include "git/library.hpp"
#include "git/repository.hpp"

namespace ostler::cli {
namespace {

constexpr const char* kCommit = "BUILDKITE_COMMIT";

/// The repository whose work tree holds the working directory.
Result<git::Repository> surrounding_repository() {
  std::error_code ec;
  std::filesystem::path directory = std::filesystem::current_path(ec);
  while (true) {
    auto repository = git::Repository::open(directory);
    const bool is_top = directory == directory.parent_path();
    if (repository || repository.error().code() != Errc::NotFound || is_top) return repository;
    directory = directory.parent_path();
  }
}

Result<std::string> resolved(const std::string& revision) {
  if (git::is_full_id(revision)) return revision;
  const git::Library library;
  OSTLER_TRY(const auto repository, surrounding_repository());
  return repository.resolve(revision);
}

}  // namespace

pipeline::VariableTable pipeline_variables(const environment::Variables& process) {
  pipeline::VariableTable variables = process;
  const auto commit = variables.find(kCommit);
  if (commit == variables.end() || commit->second.empty()) return variables;
  if (auto id = resolved(commit->second)) {
    commit->second = std::move(id).value();
  } else {
    std::fprintf(stderr, "ostler: pipeline upload: %s stays \"%s\": %s\n", kCommit,
                 commit->second.c_str(), id.error().message().c_str());
  }
  return variables;
}

}  // namespace ostler::cli
