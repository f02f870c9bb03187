// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <algorithm>

#include "cli/build_commands.hpp"
#include "cli/build_finder.hpp"
#include "cli/hub_session.hpp"
#include "cli/options.hpp"
#include "console/plain_text.hpp"
#include "console/terminal.hpp"
#include "wire/rest_annotation_answers.hpp"

namespace ostler::cli {
namespace {

constexpr const char* kAnnotationExamples =
    "Examples:\n"
    "  ostler annotation list app/42\n"
    "  ostler annotation list --json | jq -r '.[].context'\n";

console::Style style_of(const std::string& name) {
  if (name == "success") return console::Style::Good;
  if (name == "error") return console::Style::Bad;
  return name == "warning" ? console::Style::Warning : console::Style::Bold;
}

void print_annotation(const wire::RestAnnotationAnswer& annotation, console::Terminal& terminal) {
  std::string kind = annotation.style.empty() ? "" : "  " + console::plain_line(annotation.style);
  if (annotation.scope == "job") kind += "  of a job";
  terminal.print_line(
      terminal.styled(console::plain_line(annotation.context), style_of(annotation.style)) +
      terminal.styled(kind, console::Style::Faint));
  const std::string text = wire::text_of_html(annotation.body_html);
  for (std::string_view left = text; !left.empty();) {
    terminal.print_line("  " + console::plain_line(left));
    left.remove_prefix(std::min(left.find('\n'), left.size() - 1) + 1);
  }
}

Result<int> list_annotations(HubClient& hub, const BuildCommandOptions& options) {
  OSTLER_TRY(const auto found, BuildFinder(hub, ".").find(options.reference));
  OSTLER_TRY(const auto text,
             hub.all_pages("/pipelines/" + found.build.pipeline + "/builds/" +
                           std::to_string(found.build.number) + "/annotations?scope=all"));
  auto terminal = console::Terminal::of_standard_output();
  if (options.as_json) {
    terminal.print_line(text);
    return kExitOk;
  }
  OSTLER_TRY(const auto annotations, wire::decode_rest_annotations(text));
  if (annotations.empty()) terminal.print_none("the build has no annotations");
  for (const auto& annotation : annotations) print_annotation(annotation, terminal);
  return kExitOk;
}

}  // namespace

int run_annotation_list(const Arguments& arguments) {
  BuildCommandOptions options;
  CLI::App app("Prints what a build and its jobs have been annotated with, without markup",
               "annotation list");
  options.add_to(app);
  options.add_json_to(app);
  app.footer(kAnnotationExamples);
  if (const auto ended = read_options(app, arguments)) return *ended;
  return run_at_hub(options.client, [&](HubClient& hub) { return list_annotations(hub, options); });
}

}  // namespace ostler::cli
