// SPDX-License-Identifier: Apache-2.0
#include "worker/worker.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <csignal>
#include <exception>
#include <filesystem>

#include "base/clock.hpp"
#include "worker/job_socket_server.hpp"
#include "worker/phase.hpp"

namespace ostler::worker {

namespace asio = boost::asio;

namespace {

constexpr int kKeeperFd = 3;
constexpr int kExitReported = 0;
constexpr int kExitNoKeeper = 1;

std::string own_path() {
  std::error_code error;
  return std::filesystem::read_symlink("/proc/self/exe", error).string();
}

std::string host_program_beside(const std::string& program) {
  const auto bin = std::filesystem::path(program).parent_path();
  return (bin.parent_path() / "libexec/ostler/ostler-host").string();
}

/// Ends what the job left running inside this process, so that nothing is said after the report.
asio::awaitable<void> settle(JobContext& job) {
  for (const auto& pump : job.pumps) {
    co_await pump->drain();
    pump->stop();
  }
  job.link.end_calls();
  if (job.socket) co_await job.socket->stop();
  job.log.push();
}

class Worker {
 public:
  Worker(const asio::any_io_executor& executor, supervise::AsyncChannel channel)
      : executor_(executor),
        channel_(std::move(channel)),
        log_(executor, channel_, clock_),
        link_(executor, channel_, cancellation_, log_),
        tasks_(executor) {}

  asio::awaitable<void> work() {
    auto document = co_await link_.receive_job();
    if (!document) {
      const bool told = document.error().code() != Errc::Unavailable;
      if (told) co_await refuse(document.error());
      channel_.close();
      co_return;
    }
    tasks_.spawn(link_.listen());
    tasks_.spawn(log_.ship());
    co_await run_job(document.value());
  }

  bool has_reported() const { return reported_; }

 private:
  asio::awaitable<void> refuse(const Error& error) {
    reported_ =
        (co_await link_.send(supervise::Report{
             .exit_status = -1, .cause = journal::Cause::SetupFailed, .evidence = error.message()}))
            .has_value();
  }

  /// Its evidence goes into the journal and to people: what the job's commands and variables put
  /// into it goes without the job's secrets, whichever phase it was.
  supervise::Report shown_report(const JobResult& result) {
    supervise::Report report = report_of(result, cancellation_);
    report.evidence = log_.redacted(report.evidence);
    return report;
  }

  asio::awaitable<void> run_job(const supervise::JobDocument& document) {
    const std::string program = own_path();
    JobContext job{.executor = executor_,
                   .document = document,
                   .link = link_,
                   .log = log_,
                   .cancellation = cancellation_,
                   .tasks = tasks_,
                   .host_program = host_program_beside(program)};
    co_await run_phases(job);
    co_await settle(job);
    reported_ = (co_await link_.send(shown_report(job.result))).has_value();
    channel_.close();
    log_.close();
    co_await tasks_.join();
  }

  asio::any_io_executor executor_;
  supervise::AsyncChannel channel_;
  SystemClock clock_;
  Cancellation cancellation_;
  JobLog log_;
  KeeperLink link_;
  bool reported_ = false;
  TaskGroup tasks_;
};

}  // namespace

int run() {
  ::prctl(PR_SET_DUMPABLE, 0);
  ::prctl(PR_SET_NAME, "ostler-worker");
  ::fcntl(kKeeperFd, F_SETFD, FD_CLOEXEC);
  std::signal(SIGPIPE, SIG_IGN);
  asio::io_context context(1);
  auto channel = supervise::AsyncChannel::adopt(context.get_executor(), UniqueFd(kKeeperFd));
  if (!channel) return kExitNoKeeper;
  Worker worker(context.get_executor(), std::move(channel).value());
  asio::co_spawn(context, worker.work(), [](const std::exception_ptr& fault) {
    if (fault) std::terminate();
  });
  context.run();
  return worker.has_reported() ? kExitReported : kExitNoKeeper;
}

}  // namespace ostler::worker
