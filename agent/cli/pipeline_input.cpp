// SPDX-License-Identifier: Apache-2.0
#include "cli/pipeline_input.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string_view>

#include "cli/named_file.hpp"
#include "cli/redacted_input.hpp"

namespace ostler::cli {
namespace {

constexpr std::string_view kCustomaryNames[] = {
    "buildkite.yml",           "buildkite.yaml",           "buildkite.json",
    ".buildkite/pipeline.yml", ".buildkite/pipeline.yaml", ".buildkite/pipeline.json",
    "buildkite/pipeline.yml",  "buildkite/pipeline.yaml",  "buildkite/pipeline.json"};

/// Whether standard input is a pipe or a file with something in it; a terminal and /dev/null are
/// not.
bool has_standard_input() {
  struct stat status{};
  if (::fstat(STDIN_FILENO, &status) != 0) return false;
  return S_ISFIFO(status.st_mode) || (S_ISREG(status.st_mode) && status.st_size > 0);
}

Result<PipelineInput> read_file(const std::string& name) {
  OSTLER_TRY(auto text, read_named_file(name));
  if (text.empty()) return Error(Errc::UserFault, name + " is empty; write steps into it");
  return PipelineInput{name, std::move(text)};
}

Result<std::vector<PipelineInput>> read_all(const std::vector<std::string>& files) {
  std::vector<PipelineInput> inputs;
  for (const std::string& file : files) {
    OSTLER_TRY(inputs.emplace_back(), read_file(file));
  }
  if (!inputs.empty()) return inputs;
  if (has_standard_input()) {
    OSTLER_TRY(auto text, read_standard_input("the pipeline"));
    inputs.push_back({"(stdin)", std::move(text)});
    return inputs;
  }
  OSTLER_TRY(const std::string file, customary_pipeline_file());
  OSTLER_TRY(inputs.emplace_back(), read_file(file));
  return inputs;
}

}  // namespace

Result<std::string> customary_pipeline_file() {
  std::string names;
  std::string found;
  for (const std::string_view name : kCustomaryNames) {
    std::error_code ignored;
    if (!std::filesystem::exists(name, ignored)) continue;
    names += (names.empty() ? "" : ", ") + std::string(name);
    if (found.empty()) found = name;
  }
  if (found.empty()) {
    return Error(Errc::UserFault,
                 "no pipeline file here; name one, or write .buildkite/pipeline.yml");
  }
  if (names != found) {
    return Error(Errc::UserFault, "several pipeline files are here; name one of " + names);
  }
  return found;
}

Result<std::vector<PipelineInput>> pipeline_inputs(std::string_view command,
                                                   const std::vector<std::string>& files) {
  auto inputs = read_all(files);
  if (!inputs) return std::move(inputs).error().with_context(command);
  return inputs;
}

}  // namespace ostler::cli
