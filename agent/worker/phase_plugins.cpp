// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <ranges>
#include <vector>

#include "base/utf8.hpp"
#include "log/lines.hpp"
#include "plugin_host/sealed_copy.hpp"
#include "worker/child_run.hpp"
#include "worker/phase.hpp"
#include "worker/step_events.hpp"

namespace ostler::worker {

namespace asio = boost::asio;

namespace {

constexpr std::size_t kLongestReason = 16 << 10;  // bytes; a plugin with faults has several lines

constexpr std::size_t kLongestTold = 4 << 10;  // bytes of it that the server is told

std::string first_line_of(const std::string& text) { return text.substr(0, text.find('\n')); }

/// Runs the child that makes the plan; the files of `plugins` are for it to fill.
asio::awaitable<Result<std::vector<plugin_host::PlannedStep>>> make_plan(
    JobContext& job, const std::vector<StepPlugin>& plugins) {
  std::string found;
  ChildSpec spec{.words = {job.host_program, "job-plugins"}, .result = &found, .is_ours = true};
  for (const StepPlugin& plugin : plugins) {
    spec.more_fds.push_back(plugin.code.front().get());
    spec.more_fds.push_back(plugin.resources.get());
  }
  for (const StepPlugin& plugin : plugins) {
    for (const UniqueFd& file : plugin.code | std::views::drop(1)) {
      spec.more_fds.push_back(file.get());
    }
  }
  OSTLER_CO_TRY(const process::ExitStatus status, co_await run_child(job, std::move(spec)));
  if (exit_status_of(status) == 0) co_return plugin_host::decode_plan(found);
  std::string why = found.substr(0, kLongestReason);
  while (why.ends_with('\n')) why.pop_back();
  co_return Error(Errc::UserFault,
                  why.empty() ? "job-plugins ended with " + process::describe(status) : why);
}

asio::awaitable<Result<void>> prepare_plugins(JobContext& job) {
  std::vector<StepPlugin> plugins;
  while (plugins.size() < job.step_plugin_count) {
    OSTLER_CO_TRY(auto code, plugin_host::memory_files_for_code());
    OSTLER_CO_TRY(UniqueFd resources, plugin_host::memory_file());
    plugins.push_back({{}, std::move(code), std::move(resources)});
  }
  OSTLER_CO_TRY(auto plan, co_await make_plan(job, plugins));
  if (plan.size() != plugins.size()) {
    co_return Error(Errc::Protocol, "job-plugins made a plan for another number of plugins");
  }
  for (std::size_t i = 0; i < plan.size(); ++i) {
    plugins[i].plan = std::move(plan[i]);
    plugins[i].code.resize(1 + plugins[i].plan.libraries.size());
  }
  job.step_plugins = std::move(plugins);
  co_return success();
}

/// "zoo#1.0.0: configuration: ..." for the server that wants to know how steps end, as if the
/// plugin had said it. What is about no plugin is in the log only.
void note_refusal(JobContext& job, const std::string& why) {
  constexpr std::string_view kScheme = "ostler://";
  const std::size_t end = why.find(": ");
  std::string plugin = why.substr(0, end);
  if (plugin.starts_with(kScheme)) plugin.erase(0, kScheme.size());
  const bool is_name = std::ranges::all_of(plugin, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '#' || c == '.' || c == '-';
  });
  if (end == why.npos || plugin.empty() || !is_name) return;
  std::string message = why.substr(end + 2, kLongestTold);
  message.resize(valid_utf8_prefix(message));
  job.link.post(result_event(plugin, {.reason = "refused", .message = std::move(message)}));
}

}  // namespace

/// Schemas, manifests and shared objects are read by a child: the libraries for that are large, and
/// a plugin's author or a repository wrote what they read.
asio::awaitable<void> find_plugins(JobContext& job) {
  const auto done = co_await prepare_plugins(job);
  if (done || job.cancellation.is_cancelled()) co_return;
  const std::string& why = done.error().message();
  job.log.line(log::section("Preparing plugins"));
  job.log.line(log::error(why));
  const std::string told = job.log.redacted(first_line_of(why));
  note_refusal(job, told);
  job.result.plugins = PhaseFailure{1, "plugins: " + told};
}

}  // namespace ostler::worker
