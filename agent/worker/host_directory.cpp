// SPDX-License-Identifier: Apache-2.0
#include "worker/host_directory.hpp"

#include "crypto/digest.hpp"
#include "log/lines.hpp"

namespace ostler::worker {
namespace {

constexpr std::size_t kDigits = 16;

/// As the agent has set it: no hook changes what the document has.
std::filesystem::path root_of(const JobContext& job) {
  return environment::value_of(job.document.env, "OSTLER_PLUGIN_FILES");
}

std::string pipeline_of(const JobContext& job) {
  const auto& env = job.document.env;
  return environment::value_of(env, "BUILDKITE_ORGANIZATION_SLUG") + "/" +
         environment::value_of(env, "BUILDKITE_PIPELINE_SLUG");
}

}  // namespace

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
  const std::string name =
      step.id + "-" + crypto::sha256_hex(pipeline + "\n" + step.id).substr(0, kDigits);
  OSTLER_TRY(auto taken, files::KeptDirectory::take(root, name, step.id + " of " + pipeline));
  return std::optional(std::move(taken));
}

void leave_host_directory(JobContext& job, std::optional<files::KeptDirectory> directory) {
  if (!directory) return;
  const std::filesystem::path path = directory->path();
  auto done = directory->note_use();
  directory.reset();
  if (done) done = files::clear_kept(root_of(job));
  if (!done) job.log.line(log::warning(done.error().message()));
  std::error_code ec;
  if (std::filesystem::exists(path, ec) || ec) return;
  job.log.line(
      log::warning("the files that the plugin keeps on this host are removed: those of one "
                   "pipeline may have 5 GiB, and all 10 GiB together"));
}

}  // namespace ostler::worker
