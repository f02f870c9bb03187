// SPDX-License-Identifier: Apache-2.0
#include "worker/child_run.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

#include "process/async_wait.hpp"
#include "process/pty.hpp"
#include "worker/child_environment.hpp"

namespace ostler::worker {

namespace asio = boost::asio;
using process::FdAt;

namespace {

constexpr int kResultFd = 4;
constexpr std::size_t kLongestResult = 64 << 10;  // bytes, what a pipe holds
constexpr int kPipeSize = 256 << 10;              // bytes

struct Pipe {
  UniqueFd readable;
  UniqueFd writable;
};

Result<Pipe> open_pipe() {
  std::array<int, 2> fds{};
  if (::pipe2(fds.data(), O_CLOEXEC) != 0) return Error::from_errno(errno, "make a pipe");
  Pipe pipe{UniqueFd(fds[0]), UniqueFd(fds[1])};
  ::fcntl(fds[0], F_SETFL, O_NONBLOCK);
  return pipe;
}

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
  OSTLER_TRY(Pipe pipe, open_pipe());
  // Larger than the default where the user's quota allows it; it works either way.
  ::fcntl(pipe.readable.get(), F_SETPIPE_SZ, kPipeSize);
  return Output{std::move(pipe.readable), std::move(pipe.writable)};
}

std::string read_result(const UniqueFd& readable) {
  std::string text(kLongestResult, '\0');
  const ssize_t size = ::read(readable.get(), text.data(), text.size());
  text.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
  return text;
}

Result<process::SpawnOptions> options_for(const JobContext& job, const ChildSpec& spec) {
  process::SpawnOptions options;
  OSTLER_TRY(options.executable,
             process::find_executable(spec.words.front(), job.variable("PATH")));
  options.arguments = spec.words;
  options.environment = child_environment(job);
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
  Pipe result;
  if (spec.result != nullptr) {
    OSTLER_CO_TRY(result, open_pipe());
  }
  OSTLER_CO_TRY(process::Child child, start(job, spec, result.writable));
  OutputPump& pump = *job.pumps.back();
  job.tasks.spawn(pump.run());
  const Cancellation::Foreground foreground(job.cancellation, child, spec.spare);
  OSTLER_CO_TRY(const process::ExitStatus status, co_await process::async_wait(child));
  co_await pump.drain();
  if (spec.result != nullptr) *spec.result = read_result(result.readable);
  co_return status;
}

}  // namespace ostler::worker
