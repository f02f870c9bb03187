// SPDX-License-Identifier: Apache-2.0
#include "console/pipeline_page.hpp"

#include <algorithm>
#include <string>
#include <string_view>

#include "console/fields.hpp"
#include "console/plain_text.hpp"
#include "console/table.hpp"

namespace ostler::console {
namespace {

using wire::RestPipelineAnswer;

std::string poll_text(const RestPipelineAnswer& pipeline) {
  return pipeline.poll_seconds ? "every " + std::to_string(*pipeline.poll_seconds) + " s" : "never";
}

std::string builds_text(const RestPipelineAnswer& pipeline) {
  const std::int64_t waiting = pipeline.scheduled_builds;
  std::string text = std::to_string(pipeline.running_builds) + " running";
  if (waiting > 0) text += ", " + std::to_string(waiting) + " waiting";
  return text;
}

void print_lines(std::string_view text, Terminal& terminal) {
  while (!text.empty()) {
    terminal.print_line("  " + plain_line(text));
    text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
  }
}

}  // namespace

void print_pipelines(const std::vector<RestPipelineAnswer>& pipelines, Terminal& terminal) {
  std::vector<std::vector<Cell>> rows = {{{"PIPELINE", Style::Faint},
                                          {"BUILDS", Style::Faint},
                                          {"BRANCH", Style::Faint},
                                          {"LOOKED AT", Style::Faint},
                                          {"REPOSITORY", Style::Faint}}};
  for (const RestPipelineAnswer& pipeline : pipelines) {
    rows.push_back({{pipeline.slug, Style::Bold},
                    {builds_text(pipeline)},
                    {plain_line(pipeline.default_branch)},
                    {poll_text(pipeline)},
                    {plain_line(pipeline.repository)}});
  }
  for (const auto& line : table_lines(rows, terminal, 1)) terminal.print_line(line);
}

void print_pipeline(const RestPipelineAnswer& pipeline, Terminal& terminal) {
  terminal.print_line(terminal.styled(pipeline.slug, Style::Bold) + "  " +
                      plain_line(pipeline.name));
  print_field("description", pipeline.description, terminal);
  print_field("repository", pipeline.repository, terminal);
  print_field("branch", pipeline.default_branch, terminal);
  print_field("builds of", pipeline.branch_configuration, terminal);
  print_field("looked at", poll_text(pipeline), terminal);
  print_field("builds", builds_text(pipeline), terminal);
  if (pipeline.created_at) {
    print_field("made", format_rfc3339(*pipeline.created_at, 0), terminal);
  }
  if (pipeline.archived_at) {
    print_field("archived", format_rfc3339(*pipeline.archived_at, 0), terminal);
  }
  terminal.print_line("");
  print_lines(pipeline.configuration, terminal);
}

}  // namespace ostler::console
