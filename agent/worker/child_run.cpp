// SPDX-License-Identifier: Apache-2.0
#include "worker/child_run.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "process/async_wait.hpp"
#include "process/pipe.hpp"
#include "process/pty.hpp"
#include "worker/child_environment.hpp"

namespace ostler::worker {

namespace asio = boost::asio;
using process::FdAt;

namespace {

constexpr int kResultFd = 4;
constexpr std::size_t kLongestResult = 8 << 20;  // bytes
constexpr int kPipeSize = 256 << 10;             // bytes

/// Both ends of where a child writes.
struct Output {
  UniqueFd readable;
  UniqueFd child_end;
};

Result<Output> open_output(bool terminal) {
  if (terminal) {
    OSTLER_TRY(process::Pty pty, process::open_pty());
    return Output{std::move(pty.controller), std::move(pty.terminal)};
  }
  OSTLER_TRY(process::Pipe pipe, process::make_pipe(process::Ours::Reads));
  // Larger than the default where the user's quota allows it; it works either way.
  ::fcntl(pipe.ours.get(), F_SETPIPE_SZ, kPipeSize);
  return Output{std::move(pipe.ours), std::move(pipe.theirs)};
}

/// Where a child leaves its result: a file in memory, which holds more than a pipe.
Result<UniqueFd> open_result_file() {
  UniqueFd fd(::memfd_create("ostler-result", MFD_CLOEXEC));
  if (!fd) return Error::from_errno(errno, "make a file in memory");
  return fd;
}

std::string read_result(const UniqueFd& file) {
  struct stat found{};
  if (::fstat(file.get(), &found) != 0 || found.st_size <= 0) return {};
  std::string text(std::min(static_cast<std::size_t>(found.st_size), kLongestResult), '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    const ssize_t more =
        ::pread(file.get(), text.data() + size, text.size() - size, static_cast<off_t>(size));
    if (more <= 0) break;
    size += static_cast<std::size_t>(more);
  }
  text.resize(size);
  return text;
}

Result<process::SpawnOptions> options_for(const JobContext& job, const ChildSpec& spec) {
  process::SpawnOptions options;
  OSTLER_TRY(options.executable,
             process::find_executable(spec.words.front(), job.variable("PATH")));
  options.arguments = spec.words;
  options.environment = spec.is_ours ? own_program_environment(job) : child_environment(job);
  options.directory = job.directory;
  options.group = job.terminal ? process::Group::NewTerminal : process::Group::NewGroup;
  options.parent_death_signal = SIGKILL;
  return options;
}

Result<process::Child> start(JobContext& job, const ChildSpec& spec, const UniqueFd& result) {
  OSTLER_TRY(process::SpawnOptions options, options_for(job, spec));
  OSTLER_TRY(Output output, open_output(job.terminal));
  const int end = output.child_end.get();
  options.fds = {FdAt{end, STDOUT_FILENO}, FdAt{end, STDERR_FILENO}};
  if (job.terminal) options.fds.push_back({end, STDIN_FILENO});
  if (result) options.fds.push_back({result.get(), kResultFd});
  int place = kResultFd;
  for (const int fd : spec.more_fds) options.fds.push_back({fd, ++place});
  OSTLER_TRY(process::Child child, process::spawn(options));
  output.child_end.reset();
  job.pumps.push_back(
      std::make_unique<OutputPump>(job.executor, std::move(output.readable), job.log));
  return child;
}

}  // namespace

asio::awaitable<Result<process::ExitStatus>> run_child(JobContext& job, ChildSpec spec) {
  const bool stopped = spec.spare == Cancellation::Spare::Nothing ? job.cancellation.is_cancelled()
                                                                  : job.cancellation.is_killed();
  if (stopped) co_return Error(Errc::Cancelled, "the job was cancelled");
  UniqueFd result;
  if (spec.result != nullptr) {
    OSTLER_CO_TRY(result, open_result_file());
  }
  OSTLER_CO_TRY(process::Child child, start(job, spec, result));
  OutputPump& pump = *job.pumps.back();
  job.tasks.spawn(pump.run());
  const Cancellation::ForegroundChild foreground(job.cancellation, child, spec.spare);
  OSTLER_CO_TRY(const process::ExitStatus status, co_await process::async_wait(child));
  co_await pump.drain();
  if (spec.result != nullptr) *spec.result = read_result(result);
  co_return status;
}

}  // namespace ostler::worker
