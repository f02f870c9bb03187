// SPDX-License-Identifier: Apache-2.0
#include "worker/service_programs.hpp"

#include <algorithm>

#include "files/beneath.hpp"
#include "worker/artifact_calls.hpp"
#include "worker/cache_programs.hpp"
#include "worker/job_result.hpp"

namespace ostler::worker {

using plugin_host::HostCommand;

namespace {

using Arguments = std::vector<std::string>;

Result<void> check_text(const JobContext& job, const std::string& text, const std::string& what) {
  if (text.find('\0') != text.npos) return Error(Errc::UserFault, "a NUL stands in " + what);
  if (job.log.redacted(text) == text) return success();
  return Error(Errc::UserFault, "a secret of the job stands in " + what);
}

/// Path, name, media type or nothing.
Result<HostCommand> upload_artifact(const JobContext& job, const plugin_host::StepRoots& roots,
                                    const Arguments& given) {
  OSTLER_TRY(check_text(job, given[1], "the name of an artifact"));
  if (!files::stays_beneath(given[1])) {
    return Error(Errc::UserFault, "no name of an artifact, such as \"logs/a.txt\": " + given[1]);
  }
  HostCommand command;
  OSTLER_TRY(command.input_file, open_readable_file(roots, given[0]));
  command.arguments = {job.host_program, "artifact", "upload", "/dev/stdin", "--name=" + given[1]};
  if (!given[2].empty()) command.arguments.push_back("--content-type=" + given[2]);
  return command;
}

/// Glob, directory, step, build, "1" for jobs that were retried, too.
Result<HostCommand> download_artifacts(const JobContext& job, const plugin_host::StepRoots& roots,
                                       const Arguments& given) {
  for (const std::string* text : {&given[0], &given[2], &given[3]}) {
    OSTLER_TRY(check_text(job, *text, "what is to be downloaded"));
  }
  HostCommand command;
  OSTLER_TRY(command.input_file, open_writable_directory(roots, given[1]));
  command.arguments = {
      job.host_program, "job-artifacts", given[0], given[2], build_of_artifacts(job, given[3]),
      given[4]};
  command.is_captured = true;
  return command;
}

/// Steps, "1" to replace those that have not begun.
Result<HostCommand> upload_pipeline(const JobContext& job, const plugin_host::StepRoots&,
                                    const Arguments& given) {
  HostCommand command;
  if (given[0].empty()) return Error(Errc::UserFault, "no steps to upload");
  OSTLER_TRY(check_text(job, given[0], "the steps"));
  command.input = given[0];
  // In full, for the job may have variables that say otherwise.
  command.arguments = {job.host_program, "pipeline", "upload", "--no-interpolation",
                       "--dry-run=false"};
  command.arguments.emplace_back(given[1] == "1" ? "--replace=true" : "--replace=false");
  return command;
}

struct ProgramCall {
  std::string_view method;
  std::size_t arguments;
  Result<HostCommand> (*make)(const JobContext&, const plugin_host::StepRoots&, const Arguments&);
};
constexpr ProgramCall kProgramCalls[] = {{"ostler.artifact/1/upload", 3, upload_artifact},
                                         {"ostler.artifact/1/download", 5, download_artifacts},
                                         {"ostler.cache/1/restore", 3, restore_cache},
                                         {"ostler.cache/1/save", 2, save_cache},
                                         {"ostler.pipeline/1/upload", 2, upload_pipeline}};

const ProgramCall* program_call(const std::string& method) {
  const auto* found = std::ranges::find(kProgramCalls, method, &ProgramCall::method);
  return found == std::end(kProgramCalls) ? nullptr : found;
}

}  // namespace

bool is_program_call(const std::string& method) { return program_call(method) != nullptr; }

Result<HostCommand> service_program(const JobContext& job, const plugin_host::StepRoots& roots,
                                    const std::string& method, const Arguments& arguments) {
  const ProgramCall& call = *program_call(method);
  if (arguments.size() != call.arguments) {
    return Error(Errc::UserFault, method + " takes " + std::to_string(call.arguments) +
                                      " arguments, not " + std::to_string(arguments.size()));
  }
  return call.make(job, roots, arguments);
}

Result<std::string> value_of_program(const std::string& method,
                                     const plugin_host::HostCommandEnd& end) {
  const int exit_status = exit_status_of(end.status);
  if (exit_status == 0) return end.output;
  if (exit_status == plugin_host::kNothingFound)
    return Error(Errc::NotFound, method + ": nothing matches");
  return Error(Errc::Internal, method + " did not work; the log of the job says why");
}

}  // namespace ostler::worker
