// SPDX-License-Identifier: Apache-2.0
#include "cli/plugin_case.hpp"

#include <algorithm>

#include "cli/case_run.hpp"
#include "cli/case_services.hpp"
#include "cli/plugin_box.hpp"
#include "console/plain_text.hpp"
#include "files/file.hpp"

namespace ostler::cli {

using plugin_host::BoxVerdict;
using plugin_host::Bundle;

namespace {

void note_end(const BoxVerdict& verdict, const CaseServices& services, CaseTranscript& transcript) {
  for (const std::string& request : services.unused_exchanges())
    transcript.line("recorded, but not asked: " + request);
  for (const auto& [name, json] : services.outputs())
    transcript.line("output " + name + " = " + json);
  const auto& result = verdict.result;
  if (!result.detail.empty()) transcript.line("detail " + result.detail);
  transcript.line(plugin_host::describe(result));
  transcript.line("exit status " + std::to_string(result.exit_status));
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  if (from.empty()) return text;
  for (std::size_t at = 0; (at = text.find(from, at)) != text.npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
  return text;
}

/// Line by line, as it can stand in a file that people read.
std::string plain(const std::string& text) {
  std::string lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    lines += console::plain_line(std::string_view(text).substr(at, end - at)) + "\n";
    at = end + 1;
  }
  return lines;
}

}  // namespace

Result<std::string> run_case(const Bundle& bundle, const PluginCase& golden, const CaseTime& time) {
  OSTLER_TRY(const std::string text, files::read_file(golden.config, kLongestStepConfig));
  auto setup = setup_of(bundle, text, golden);
  if (!setup) return plain("refused: " + setup.error().message());
  OSTLER_TRY(auto exchanges, read_exchanges(golden.exchanges()));
  OSTLER_TRY(const auto directories, make_directories(golden));
  OSTLER_TRY(auto spec, box_spec_of(bundle, directories.workspace, directories.scratch));
  OSTLER_TRY(const auto resources, resources_of(bundle, spec));
  resources.give_to(spec);
  OSTLER_TRY(const auto kept, take_host_directory(bundle, directories.kept(), spec));
  OSTLER_TRY(auto job, take_job(golden, bundle.manifest.id, directories, spec));
  CaseTranscript transcript;
  OSTLER_TRY(const LocalRun run, local_run_of(bundle, directories, spec, transcript));
  boost::asio::io_context context(1);
  CaseServices services(context.get_executor(), std::move(setup.value().config),
                        setup.value().permissions, run, std::move(job), std::move(exchanges));
  spec.services = services.more_ids();
  if (!time.is_real) spec.services.emplace_back("ostler.virtual-clock/1");
  OSTLER_TRY(const CaseEnd end,
             run_box_of_case(context, std::move(spec), services, transcript, time.limit));
  note_end(end.verdict, services, transcript);
  if (end.is_late)
    transcript.line("it was ended after " + std::to_string(time.limit.count()) + " s");
  std::string told = transcript.text();
  for (const auto& [path, name] :
       {std::pair(directories.workspace, "WORKSPACE"), std::pair(directories.scratch, "SCRATCH"),
        std::pair(resources.path(), "RESOURCES"),
        std::pair(kept ? kept->path().string() : "", "HOST_DIRECTORY")}) {
    told = replaced(std::move(told), path, name);
  }
  return plain(told);
}

}  // namespace ostler::cli
