// SPDX-License-Identifier: Apache-2.0
#include "worker/service_programs.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "base/byte_codec.hpp"
#include "files/beneath.hpp"

namespace ostler::worker {

namespace fs = std::filesystem;
using plugin_host::HostCommand;
using Arguments = std::vector<std::string>;

namespace {

/// A path within a root. Links may not lead out of it; a FIFO holds nobody up.
Result<UniqueFd> open_beneath(const std::string& root, const fs::path& path) {
  const UniqueFd directory(::open(root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!directory) return Error::from_errno(errno, "open " + root);
  open_how how{};
  how.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  const auto fd = ::syscall(SYS_openat2, directory.get(), path.c_str(), &how, sizeof how);
  if (fd < 0 && errno == EXDEV) {
    return Error(Errc::UserFault, path.string() + " leads out of " + root);
  }
  if (fd < 0) return Error::from_errno(errno, "open " + (fs::path(root) / path).string());
  UniqueFd file(static_cast<int>(fd));
  struct stat found{};
  if (::fstat(file.get(), &found) != 0 || !S_ISREG(found.st_mode)) {
    return Error(Errc::UserFault, path.string() + " is no regular file");
  }
  return file;
}

Result<UniqueFd> open_readable(const ReadableRoots& roots, const std::string& text) {
  const fs::path path = fs::path(text).lexically_normal();
  if (path.is_relative()) return open_beneath(roots.front(), path);
  for (const std::string& root : roots) {
    const fs::path within = path.lexically_relative(root);
    if (!within.empty() && *within.begin() != "..") return open_beneath(root, within);
  }
  return Error(Errc::UserFault,
               text + " is neither in the workspace of the plugin nor its scratch");
}

Result<void> check_for_secrets(const JobContext& job, const std::string& text,
                               const std::string& what) {
  if (job.log.redacted(text) == text) return success();
  return Error(Errc::UserFault, "a secret of the job stands in " + what);
}

/// Path, name, media type or nothing.
Result<HostCommand> upload_artifact(const JobContext& job, const ReadableRoots& roots,
                                    const Arguments& given) {
  OSTLER_TRY(check_for_secrets(job, given[1], "the name of an artifact"));
  if (!files::stays_beneath(given[1])) {
    return Error(Errc::UserFault, "no name of an artifact, such as \"logs/a.txt\": " + given[1]);
  }
  HostCommand command;
  OSTLER_TRY(command.input_file, open_readable(roots, given[0]));
  command.arguments = {job.host_program, "artifact", "upload", "/dev/stdin", "--name=" + given[1]};
  if (!given[2].empty()) command.arguments.push_back("--content-type=" + given[2]);
  return command;
}

/// Steps, "1" to replace those that have not begun.
Result<HostCommand> upload_pipeline(const JobContext& job, const ReadableRoots&,
                                    const Arguments& given) {
  HostCommand command;
  if (given[0].empty()) return Error(Errc::UserFault, "no steps to upload");
  OSTLER_TRY(check_for_secrets(job, given[0], "the steps"));
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
  Result<HostCommand> (*make)(const JobContext&, const ReadableRoots&, const Arguments&);
};
constexpr ProgramCall kProgramCalls[] = {{"ostler.artifact/1/upload", 3, upload_artifact},
                                         {"ostler.pipeline/1/upload", 2, upload_pipeline}};

const ProgramCall* program_call(const std::string& method) {
  const auto* found = std::ranges::find(kProgramCalls, method, &ProgramCall::method);
  return found == std::end(kProgramCalls) ? nullptr : found;
}

}  // namespace

bool is_program_call(const std::string& method) { return program_call(method) != nullptr; }

Result<HostCommand> service_program(const JobContext& job, const ReadableRoots& roots,
                                    const std::string& method, const Arguments& arguments) {
  const ProgramCall& call = *program_call(method);
  if (arguments.size() != call.arguments) {
    return Error(Errc::UserFault, method + " takes " + std::to_string(call.arguments) +
                                      " arguments, not " + std::to_string(arguments.size()));
  }
  return call.make(job, roots, arguments);
}

Result<std::string> value_of_program(const std::string& method, const std::string& end) {
  std::int32_t exit_status = -1;
  ByteReader(end).get(exit_status);
  if (exit_status == 0) return std::string();
  return Error(Errc::Internal, method + " did not work; the log of the job says why");
}

}  // namespace ostler::worker
