// SPDX-License-Identifier: Apache-2.0
#include "cli/case_run.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <filesystem>
#include <optional>

#include "cli/plugin_box.hpp"
#include "cli/plugin_place.hpp"

namespace ostler::cli {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using plugin_host::BoxRun;
using plugin_host::BoxVerdict;
using plugin_host::Bundle;

namespace {

asio::awaitable<void> run_to_verdict(BoxRun& run, plugin_host::BoxSpec spec,
                                     CaseStepServices& services,
                                     std::optional<Result<BoxVerdict>>& into,
                                     asio::steady_timer& limit) {
  into = co_await run.run(std::move(spec));
  co_await services.end();
  limit.cancel();
}

asio::awaitable<void> end_when_late(BoxRun& run, asio::steady_timer& limit, bool& is_late) {
  const auto [cancelled] = co_await limit.async_wait(asio::as_tuple(asio::use_awaitable));
  if (cancelled) co_return;
  is_late = true;
  run.cancel(supervise::CancelReason::Timeout, std::chrono::seconds(0));
}

void end_program_on_bug(const std::exception_ptr& bug) {
  if (bug) std::terminate();
}

Result<CasePermissions> permissions_of(const Bundle& bundle, const plugin_host::JsonValue& config) {
  const plugin_host::Permissions& asked = bundle.manifest.permissions;
  CasePermissions permissions;
  OSTLER_TRY(permissions.hosts, permitted_hosts(asked, config));
  OSTLER_TRY(permissions.puts, permitted_puts(asked, config));
  if (!asked.secrets) return permissions;
  OSTLER_TRY(permissions.secrets, permitted_secrets(asked, config));
  return permissions;
}

}  // namespace

Result<CaseSetup> setup_of(const Bundle& bundle, const std::string& text,
                           const PluginCase& golden) {
  OSTLER_TRY(auto config, step_config_of(bundle, text, golden.config.filename()));
  OSTLER_TRY(auto permissions, permissions_of(bundle, config));
  return CaseSetup{std::move(config), std::move(permissions)};
}

Result<CaseDirectories> make_directories(const PluginCase& golden) {
  OSTLER_TRY(auto root, make_scratch_directory());
  const fs::path at = root.path();
  CaseDirectories made{std::move(root), at / "workspace", at / "scratch"};
  std::error_code error;
  fs::create_directory(made.scratch, error);
  fs::create_directory(made.workspace, error);
  const bool has_files = !error && fs::is_directory(golden.workspace());
  if (has_files) fs::copy(golden.workspace(), made.workspace, fs::copy_options::recursive, error);
  if (error) return Error::from_errno(error.value(), "make the workspace of " + golden.name());
  return made;
}

Result<LocalRun> local_run_of(const Bundle& bundle, const CaseDirectories& directories,
                              const plugin_host::BoxSpec& spec, CaseTranscript& transcript) {
  OSTLER_TRY(std::string self, own_program());
  return LocalRun{.plugin = bundle.manifest.id,
                  .services = bundle.manifest.permissions.services,
                  .roots = plugin_host::roots_of(spec.paths),
                  .directory = spec.directory,
                  .kept = directories.kept(),
                  .self = std::move(self),
                  .tell = [&transcript](const std::string& line) { transcript.line(line); }};
}

Result<std::optional<CaseJob>> take_job(const PluginCase& golden, const std::string& plugin,
                                        const CaseDirectories& directories,
                                        plugin_host::BoxSpec& spec) {
  OSTLER_TRY(auto job, read_case_job(golden.job()));
  if (!job) return job;
  spec.attempt = job->attempt;
  spec.facts.insert(spec.facts.end(), job->facts.begin(), job->facts.end());
  const LocalState state = state_of(directories.kept(), plugin);
  for (const auto& [scope, key, value] : job->state) {
    auto set = state.answer("ostler.state/1/set", {scope, key, value, "0"});
    if (set) continue;
    return std::move(set).error().with_context(golden.job().filename().string() + ": state/" +
                                               scope + "/" + key);
  }
  return job;
}

Result<CaseEnd> run_box_of_case(asio::io_context& context, plugin_host::BoxSpec spec,
                                CaseStepServices& services, CaseTranscript& transcript,
                                std::chrono::seconds time_limit) {
  BoxRun run(context.get_executor(), services, transcript);
  asio::steady_timer limit(context, time_limit);
  std::optional<Result<BoxVerdict>> verdict;
  bool is_late = false;
  asio::co_spawn(context, end_when_late(run, limit, is_late), end_program_on_bug);
  asio::co_spawn(context, run_to_verdict(run, std::move(spec), services, verdict, limit),
                 end_program_on_bug);
  context.run();
  OSTLER_TRY(BoxVerdict told, std::move(*verdict));
  return CaseEnd{std::move(told), is_late};
}

}  // namespace ostler::cli
