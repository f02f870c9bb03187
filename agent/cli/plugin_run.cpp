// SPDX-License-Identifier: Apache-2.0
// `ostler plugin run`: one step outside any build.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "base/joined.hpp"
#include "cli/exit.hpp"
#include "cli/local_step_services.hpp"
#include "cli/named_file.hpp"
#include "cli/options.hpp"
#include "cli/person_directories.hpp"
#include "cli/plugin_box.hpp"
#include "cli/plugin_log.hpp"
#include "cli/plugin_place.hpp"
#include "cli/run_functions.hpp"
#include "cli/stop_signals.hpp"
#include "console/plain_text.hpp"
#include "plugin_host/box_run.hpp"
#include "plugin_host/config_schema.hpp"

namespace ostler::cli {

namespace asio = boost::asio;
using plugin_host::BoxRun;
using plugin_host::BoxSpec;
using plugin_host::BoxVerdict;
using plugin_host::Bundle;
using plugin_host::JsonValue;
using plugin_host::Outcome;

namespace {

constexpr const char* kPluginRunExamples =
    "Examples:\n"
    "  ostler plugin run build/greet\n"
    "  ostler plugin run build/greet --config greet.json\n"
    "  echo '{\"name\": \"Ada\"}' | ostler plugin run greet#1.0.0 --config -\n";
constexpr int kExitStepCancelled = 130;

struct PluginRunOptions {
  PluginPlace place;
  std::string config;
  std::string workspace = ".";
  int grace = 10;
};

Result<std::string> config_from_input() {
  std::string text((std::istreambuf_iterator<char>(std::cin)), {});
  if (text.size() <= kLongestStepConfig) return text;
  return Error(Errc::UserFault, "standard input: the configuration is longer than 1 MiB");
}

Result<JsonValue> read_step_config(const PluginRunOptions& options, const Bundle& bundle) {
  if (options.config.empty()) return plugin_host::complete_config(bundle.manifest.schema, {});
  const bool is_input = options.config == "-";
  OSTLER_TRY(const std::string text,
             is_input ? config_from_input() : read_named_file(options.config, kLongestStepConfig));
  return step_config_of(bundle, text, is_input ? "standard input" : options.config);
}

Result<std::string> workspace_of(const PluginRunOptions& options) {
  std::error_code error;
  const auto path = std::filesystem::canonical(options.workspace, error);
  if (error) return Error::from_errno(error.value(), "the workspace " + options.workspace);
  return path.string();
}

std::string own_host_name() {
  std::string name(256, '\0');
  return ::gethostname(name.data(), name.size() - 1) == 0 ? std::string(name.c_str()) : "";
}

Result<BoxSpec> make_box_spec(const PluginRunOptions& options, const Bundle& bundle,
                              const plugin_host::ScratchDirectory& scratch) {
  OSTLER_TRY(const std::string workspace, workspace_of(options));
  OSTLER_TRY(BoxSpec spec, box_spec_of(bundle, workspace, scratch.path()));
  spec.facts.emplace_back("host_name", own_host_name());
  return spec;
}

/// The first signal asks the plugin to stop, the next ends it at once.
asio::awaitable<void> pass_signals_on(StopSignals& signals,
                                      asio::posix::stream_descriptor& readable, BoxRun& run,
                                      std::chrono::seconds grace) {
  for (bool is_first = true;; is_first = false) {
    const auto [ec] = co_await readable.async_wait(asio::posix::stream_descriptor::wait_read,
                                                   asio::as_tuple(asio::use_awaitable));
    if (ec || !signals.take()) co_return;
    run.cancel(supervise::CancelReason::UserCancel, is_first ? grace : std::chrono::seconds(0));
  }
}

asio::awaitable<void> run_box(BoxRun& run, BoxSpec spec, LocalStepServices& services,
                              std::optional<Result<BoxVerdict>>& into,
                              asio::posix::stream_descriptor& readable) {
  into = co_await run.run(std::move(spec));
  co_await services.end();
  readable.cancel();
}

void end_program_on(const std::exception_ptr& fault) {
  if (fault) std::terminate();
}

Result<BoxVerdict> run_to_end(asio::io_context& context, BoxSpec spec, LocalStepServices& services,
                              PluginLog& log, std::chrono::seconds grace) {
  OSTLER_TRY(StopSignals signals, StopSignals::block());
  asio::posix::stream_descriptor readable(context, ::dup(signals.fd()));
  BoxRun run(context.get_executor(), services, log);
  std::optional<Result<BoxVerdict>> verdict;
  asio::co_spawn(context, pass_signals_on(signals, readable, run, grace), end_program_on);
  asio::co_spawn(context, run_box(run, std::move(spec), services, verdict, readable),
                 end_program_on);
  context.run();
  log.finish();
  return std::move(*verdict);
}

int tell_end(const BoxVerdict& verdict, const plugin_host::StepServices& services) {
  auto terminal = console::Terminal::of_standard_output();
  for (const auto& [name, json] : services.outputs()) {
    terminal.print_line(console::plain_line("output " + name + " = " + json));
  }
  const auto& result = verdict.result;
  if (!result.detail.empty()) terminal.print_line(console::plain_line("detail " + result.detail));
  terminal.print_line(console::plain_line(plugin_host::describe(result)));
  terminal.print_line(plugin_host::describe(verdict.usage));
  return result.outcome == Outcome::Cancelled ? kExitStepCancelled : result.exit_status;
}

/// What its calls come to is for the plugin to say.
void tell_absent_services(const Bundle& bundle, PluginLog& log) {
  const auto& permissions = bundle.manifest.permissions;
  auto absent = services_of_jobs_alone(permissions.services);
  if (permissions.secrets || !permissions.secrets_put.empty()) absent.emplace_back("secret");
  if (absent.empty()) return;
  log.group(plugin_host::GroupStyle::Muted,
            "outside a job there is no " + joined(absent, ", no ") + "; calls of it fail");
}

Result<int> run_one(const PluginRunOptions& options) {
  OSTLER_TRY(const Bundle bundle, options.place.open());
  OSTLER_TRY(JsonValue config, read_step_config(options, bundle));
  OSTLER_TRY(auto scratch, make_scratch_directory());
  OSTLER_TRY(BoxSpec spec, make_box_spec(options, bundle, scratch));
  OSTLER_TRY(const auto resources, resources_of(bundle, spec));
  resources.give_to(spec);
  OSTLER_TRY(auto kept, take_host_directory(bundle, state_home(), spec));
  OSTLER_TRY(auto hosts, plugin_host::permitted_hosts(bundle.manifest.permissions, config));
  auto terminal = console::Terminal::of_standard_output();
  PluginLog log(terminal);
  tell_absent_services(bundle, log);
  asio::io_context context(1);
  OSTLER_TRY(std::string self, own_program());
  LocalStepServices services(
      context.get_executor(), std::move(config),
      {.plugin = bundle.manifest.id,
       .services = bundle.manifest.permissions.services,
       .roots = plugin_host::roots_of(spec.paths),
       .directory = spec.directory,
       .kept = state_home(),
       .self = std::move(self),
       .tell =
           [&log](const std::string& line) { log.group(plugin_host::GroupStyle::Muted, line); }},
      std::move(hosts));
  spec.services = services.more_ids();
  OSTLER_TRY(BoxVerdict verdict, run_to_end(context, std::move(spec), services, log,
                                            std::chrono::seconds(options.grace)));
  resources.judge(verdict);
  OSTLER_TRY(leave_host_directory(std::move(kept), state_home()));
  const auto removed = scratch.remove();
  if (!removed) terminal.print_line(console::plain_line("warning: " + removed.error().message()));
  return tell_end(verdict, services);
}

}  // namespace

int run_plugin_run(const Arguments& arguments) {
  PluginRunOptions options;
  CLI::App app(
      "Runs one step plugin here, outside any build; ends with the exit status of the step",
      "plugin run");
  options.place.add_to(app);
  app.add_option("--config", options.config,
                 "File with the step's configuration as JSON; -: standard input");
  app.add_option("--workspace", options.workspace,
                 "The directory that stands for the checkout; without it this one");
  app.add_option("--grace", options.grace,
                 "Seconds that the plugin has to stop after Ctrl-C; without it 10")
      ->check(CLI::Range(0, 3600));
  app.footer(kPluginRunExamples);
  if (const auto ended = read_options(app, arguments)) return *ended;
  ignore_closed_pipes();
  const auto status = run_one(options);
  return status ? status.value() : fail(status.error());
}

}  // namespace ostler::cli
