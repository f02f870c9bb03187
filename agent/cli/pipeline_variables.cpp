// SPDX-License-Identifier: Apache-2.0
#include "cli/pipeline_variables.hpp"

#include <cstdio>

#include "cli/surrounding_repository.hpp"
#include "git/library.hpp"

namespace ostler::cli {
namespace {

constexpr const char* kCommit = "BUILDKITE_COMMIT";

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
