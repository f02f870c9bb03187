// SPDX-License-Identifier: Apache-2.0
#include "worker/host_directory.hpp"

#include <cstdlib>

#include "log/lines.hpp"
#include "net/off_loop.hpp"
#include "plugin_host/host_directory.hpp"
#include "worker/foreground_work.hpp"

namespace ostler::worker {

namespace asio = boost::asio;

namespace {

/// As the agent has set it: no hook changes what the document has.
std::filesystem::path root_of(const JobContext& job) {
  return environment::value_of(job.document.env, "OSTLER_PLUGIN_FILES");
}

std::string pipeline_of(const JobContext& job) {
  const auto& env = job.document.env;
  return environment::value_of(env, "BUILDKITE_ORGANIZATION_SLUG") + "/" +
         environment::value_of(env, "BUILDKITE_PIPELINE_SLUG");
}

/// Empty when the agent at `endpoint` is none of an `ostler run`.
std::string repository_of(const std::string& run, const std::string& endpoint) {
  const std::string start = endpoint + " ";
  return run.starts_with(start) ? run.substr(start.size()) : "";
}

}  // namespace

Result<std::string> host_directory_name(const std::string& plugin,
                                        const environment::Variables& env, const std::string& run) {
  const std::string endpoint = environment::value_of(env, "BUILDKITE_AGENT_ENDPOINT");
  const std::string pipeline = environment::value_of(env, "BUILDKITE_PIPELINE_ID");
  if (endpoint.empty() || pipeline.empty()) {
    return Error(Errc::Unavailable,
                 "the job does not say which pipeline it is of (BUILDKITE_PIPELINE_ID), for which "
                 "step plugins keep files");
  }
  const std::string repository = repository_of(run, endpoint);
  if (!repository.empty()) return plugin_host::host_directory_name(plugin, {"run", repository});
  return plugin_host::host_directory_name(plugin, {"pipeline", endpoint, pipeline});
}

Result<std::optional<files::KeptDirectory>> take_host_directory(
    const JobContext& job, const plugin_host::PlannedStep& step) {
  if (!step.host_directory) return std::optional<files::KeptDirectory>();
  const auto root = root_of(job);
  if (root.empty()) {
    return Error(Errc::Unavailable,
                 "this agent has no place for files that step plugins keep; "
                 "restart it in its present version");
  }
  const std::string pipeline = pipeline_of(job);
  const char* run = std::getenv(plugin_host::kRunRepositoryVariable);
  OSTLER_TRY(const std::string name,
             host_directory_name(step.id, job.document.env, run == nullptr ? "" : run));
  OSTLER_TRY(auto taken, files::KeptDirectory::take(root, name, step.id + " of " + pipeline));
  return std::optional(std::move(taken));
}

asio::awaitable<Result<void>> leave_kept(files::KeptDirectory directory, std::filesystem::path root,
                                         std::stop_token stop, files::KeptLimits limits) {
  co_return co_await net::off_loop([&directory, &root, &stop, &limits] {
    return plugin_host::leave_host_directory(std::move(directory), root, stop, limits);
  });
}

asio::awaitable<void> leave_host_directory(JobContext& job,
                                           std::optional<files::KeptDirectory> directory) {
  if (!directory) co_return;
  const std::filesystem::path path = directory->path();
  const ForegroundWork foreground(job.cancellation);
  const auto done = co_await leave_kept(std::move(*directory), root_of(job), foreground.token());
  if (!done) job.log.line(log::warning(done.error().message()));
  std::error_code ec;
  if (std::filesystem::exists(path, ec) || ec) co_return;
  job.log.line(
      log::warning("the files that the plugin keeps on this host are removed: those of one "
                   "pipeline may have 5 GiB, and all 10 GiB together"));
}

}  // namespace ostler::worker
