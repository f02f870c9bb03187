// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <algorithm>

#include "base/size_text.hpp"
#include "cli/build_commands.hpp"
#include "cli/build_finder.hpp"
#include "cli/hub_session.hpp"
#include "cli/options.hpp"
#include "console/job_words.hpp"
#include "console/plain_text.hpp"
#include "console/table.hpp"

namespace ostler::cli {
namespace {

constexpr const char* kArtifactListExamples =
    "Examples:\n"
    "  ostler artifact list app/42\n"
    "  ostler artifact list --json | jq -r '.[].path'\n";

/// What it was made by; empty when the build has no such job any more.
console::Cell job_cell(const wire::RestBuildAnswer& build, const std::string& id) {
  const auto job = std::ranges::find(build.jobs, id, &wire::RestJobAnswer::id);
  if (job == build.jobs.end()) return {};
  console::Cell title = console::job_title_cell(*job);
  title.style = console::Style::Faint;
  return title;
}

void print_artifacts(const std::vector<wire::RestArtifactAnswer>& artifacts,
                     const wire::RestBuildAnswer& build, console::Terminal& terminal) {
  std::vector<std::vector<console::Cell>> rows;
  for (const wire::RestArtifactAnswer& artifact : artifacts) {
    std::string path = console::plain_line(artifact.path);
    const std::size_t name = console::width_of(path.substr(path.rfind('/') + 1));
    rows.push_back({{std::move(path), console::Style::Plain, name},
                    {size_text(static_cast<std::uint64_t>(artifact.file_size))},
                    job_cell(build, artifact.job_id)});
  }
  for (const auto& line : console::table_lines(rows, terminal)) terminal.print_line(line);
}

Result<int> list_artifacts(HubClient& hub, const BuildCommandOptions& options) {
  OSTLER_TRY(const auto found, BuildFinder(hub, ".").find(options.reference));
  OSTLER_TRY(const auto text, hub.artifacts_text(found.build.pipeline, found.build.number, ""));
  auto terminal = console::Terminal::of_standard_output();
  if (options.as_json) {
    terminal.print_line(text);
    return kExitOk;
  }
  OSTLER_TRY(const auto artifacts, wire::decode_rest_artifacts(text));
  if (artifacts.empty()) terminal.print_none("the build has no artifacts");
  print_artifacts(artifacts, found.build, terminal);
  return kExitOk;
}

}  // namespace

int run_artifact_list(const Arguments& arguments) {
  BuildCommandOptions options;
  CLI::App app("Lists the artifacts of a build: path, size, job", "artifact list");
  options.add_to(app);
  options.add_json_to(app);
  app.footer(kArtifactListExamples);
  if (const auto ended = read_options(app, arguments)) return *ended;
  return run_at_hub(options.client, [&](HubClient& hub) { return list_artifacts(hub, options); });
}

}  // namespace ostler::cli
