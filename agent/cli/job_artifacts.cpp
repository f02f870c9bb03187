// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>
#include <unistd.h>

#include "agent_client/api_request.hpp"
#include "agent_client/transport_from_environment.hpp"
#include "artifact/download.hpp"
#include "cli/exit.hpp"
#include "cli/job_command.hpp"
#include "cli/run_functions.hpp"
#include "plugin_host/host_command.hpp"

namespace ostler::cli {
namespace {

constexpr std::size_t kArtifactWords = 4;  // glob, step, build, "1" for retried jobs, too
constexpr std::size_t kDownloadsAtOnce = 8;

bool is_directory(int fd) {
  struct stat found{};
  return ::fstat(fd, &found) == 0 && S_ISDIR(found.st_mode);
}

Result<std::size_t> download_for_step(const Arguments& words) {
  artifact::DownloadOptions options;
  options.search = {.build = words[2], .step = words[1], .include_retried_jobs = words[3] == "1"};
  options.threads = kDownloadsAtOnce;
  options.user_agent = agent_client::user_agent();
  options.beneath = STDIN_FILENO;
  OSTLER_TRY(const auto transport,
             agent_client::transport_from_environment(agent_client::Route::JobSocketFirst));
  return artifact::download(words[0], "where the plugin said", options, *transport, remark);
}

}  // namespace

// Started by the worker for a step plugin: the job's environment in, standard input is the
// directory, what is done goes to standard error, how many came to standard output.
int run_job_artifacts(const Arguments& words) {
  if (words.size() != kArtifactWords || !is_directory(STDIN_FILENO)) {
    return fail(Error(Errc::UserFault, "job-artifacts is started by the worker of a job"));
  }
  const auto count = download_for_step(words);
  if (count) print(std::to_string(count.value()));
  if (count) return kExitOk;
  fail(count.error());
  return count.error().code() == Errc::NotFound ? plugin_host::kNothingFound : kExitFailed;
}

}  // namespace ostler::cli
