// SPDX-License-Identifier: Apache-2.0
#include "log/lines.hpp"
#include "worker/child_run.hpp"
#include "worker/phase.hpp"

namespace ostler::worker {

namespace asio = boost::asio;
using environment::value_of;

asio::awaitable<void> upload_artifacts(JobContext& job) {
  std::vector<std::string> words = {job.host_program, "artifact", "upload",
                                    value_of(job.env, "BUILDKITE_ARTIFACT_PATHS")};
  const std::string& destination = value_of(job.env, "BUILDKITE_ARTIFACT_UPLOAD_DESTINATION");
  if (!destination.empty()) words.push_back(destination);
  std::vector<std::string> shown = words;
  shown.front() = "ostler";
  job.log.line(log::section("Uploading artifacts"));
  job.log.line(log::prompt(log::quoted(shown)));
  const auto status = co_await run_child(
      job,
      {.words = std::move(words), .spare = Cancellation::Spare::CancelSignal, .is_ours = true});
  if (!status) {
    job.log.line(log::error(status.error().message()));
    job.result.artifacts = PhaseFailure{1, "artifact upload: " + status.error().message()};
    co_return;
  }
  const int code = exit_status_of(status.value());
  if (code == 0) co_return;
  const std::string end = process::describe(status.value());
  if (!job.cancellation.is_cancelled()) {
    job.log.line(log::error("the artifacts could not be uploaded; the lines above say why"));
  }
  job.result.artifacts = PhaseFailure{code, "artifact upload ended with " + end};
}

}  // namespace ostler::worker
