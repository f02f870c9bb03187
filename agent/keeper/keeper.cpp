// SPDX-License-Identifier: Apache-2.0
#include "keeper/keeper.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <span>
#include <string_view>
#include <utility>

#include "files/file_lock.hpp"
#include "keeper/loop.hpp"
#include "keeper/service_keeper.hpp"
#include "supervise/job_lock.hpp"

namespace ostler::keeper {
namespace {

constexpr int kAgentSocket = 3;
constexpr int kJobLock = 4;
constexpr std::chrono::seconds kFailureTime{1};

/// The job's control group; none where the machine delegates none to us.
std::optional<process::Cgroup> make_group(const Options& options) {
  if (options.groups.empty()) return std::nullopt;
  auto group =
      process::Cgroup::create(options.groups / supervise::cgroup_name(options.job_directory));
  if (!group) return std::nullopt;
  return std::move(group).value();
}

/// Removes the group unless the loop, which ends with that itself, took it.
class UnusedGroup {
 public:
  explicit UnusedGroup(std::optional<process::Cgroup> group) : group_(std::move(group)) {}
  ~UnusedGroup() {
    if (group_) (void)group_->remove();
  }
  UnusedGroup(const UnusedGroup&) = delete;
  UnusedGroup& operator=(const UnusedGroup&) = delete;

  const process::Cgroup* get() const { return group_ ? &*group_ : nullptr; }
  std::optional<process::Cgroup> take() { return std::exchange(group_, std::nullopt); }

 private:
  std::optional<process::Cgroup> group_;
};

/// An agent that was started before its files were replaced may give none.
Result<files::FileLock> lock_of_job(const std::filesystem::path& path, UniqueFd given) {
  if (!given) return files::FileLock::try_acquire(path);
  return files::FileLock::adopt(std::move(given), path.string());
}

/// A descriptor that whoever started us may have given, for no child of ours.
UniqueFd inherited(int number) {
  return UniqueFd(::fcntl(number, F_SETFD, FD_CLOEXEC) == 0 ? number : -1);
}

Result<void> serve(const Options& options, const std::function<int()>& worker_main, UniqueFd& agent,
                   UniqueFd job_lock) {
  const SystemClock clock;
  OSTLER_TRY(auto signals, set_up_process("ostler-keeper"));
  OSTLER_TRY(const auto lock, lock_of_job(options.job_directory / "lock", std::move(job_lock)));
  OSTLER_TRY(auto writer, journal::Writer::open(options.job_directory, clock));
  if (writer.verdict()) return Error(Errc::Conflict, "the job has ended already");
  UnusedGroup group(make_group(options));
  const process::Cgroup* const made = group.get();
  OSTLER_TRY(supervise::write_job_lock(
      lock.fd(), {::getpid(), made != nullptr ? made->directory().string() : std::string()}));
  OSTLER_TRY(auto listening, supervise::listen_at(options.socket));
  OSTLER_TRY(auto timer, WakeTimer::create());
  OSTLER_TRY(auto worker, WorkerLink::start(worker_main, made));
  Loop loop({options, Recorder(std::move(writer), clock), group.take(), std::move(worker),
             std::move(signals), std::move(timer), std::move(listening)},
            clock);
  return loop.run(std::move(agent));
}

void report_failure(UniqueFd agent, const Error& error) {
  if (!agent) return;  // the loop has told it
  supervise::Channel channel(std::move(agent));
  (void)channel.send(supervise::Failed{error.message()}, kFailureTime);
}

}  // namespace

Result<UniqueFd> set_up_process(const char* name) {
  ::setsid();  // fails when the agent made the session already
  if (::prctl(PR_SET_CHILD_SUBREAPER, 1) != 0)
    return Error::from_errno(errno, "become a subreaper");
  // No process of the job may read our memory: it holds the job's secrets for a moment.
  if (::prctl(PR_SET_DUMPABLE, 0) != 0) return Error::from_errno(errno, "become non-dumpable");
  ::prctl(PR_SET_NAME, name);
  for (const int ignored : {SIGPIPE, SIGHUP, SIGINT}) ::signal(ignored, SIG_IGN);
  sigset_t awaited;
  ::sigemptyset(&awaited);
  ::sigaddset(&awaited, SIGCHLD);
  ::sigaddset(&awaited, SIGTERM);
  ::sigprocmask(SIG_SETMASK, &awaited, nullptr);
  UniqueFd signals(::signalfd(-1, &awaited, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!signals) return Error::from_errno(errno, "make a descriptor for signals");
  return signals;
}

int run(int count, char** arguments, const std::function<int()>& worker_main) {
  if (count > 0 && std::string_view(arguments[0]) == "--service") {
    return run_service(count, arguments);
  }
  const auto options = parse_options(std::span(arguments, static_cast<std::size_t>(count)));
  if (!options) {
    std::fprintf(stderr, "ostler: %s\n", options.error().message().c_str());
    return 2;
  }
  UniqueFd agent = inherited(kAgentSocket);
  if (!agent) {
    std::fprintf(stderr, "ostler: keeper: descriptor 3 must be the socket of the agent\n");
    return 2;
  }
  const auto served = serve(options.value(), worker_main, agent, inherited(kJobLock));
  if (served) return 0;
  report_failure(std::move(agent), served.error());
  return 1;
}

}  // namespace ostler::keeper
