// SPDX-License-Identifier: Apache-2.0
#include "supervise/lost_service.hpp"

#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include "process/cgroup.hpp"
#include "process/pidfd.hpp"
#include "process/stray.hpp"
#include "supervise/job_lock.hpp"

namespace ostler::supervise {
namespace {

constexpr std::chrono::seconds kKillTime{5};
constexpr int kEndRoundMs = 20;

/// The pid is that of the keeper only as long as the lock is held, so that is asked once more.
void kill_keeper_in(const std::filesystem::path& directory) {
  const auto lock = read_job_lock(directory);
  if (!lock || lock.value().keeper <= 0) return;
  const auto keeper = process::open_pidfd(lock.value().keeper);
  const auto is_held = files::FileLock::is_held(directory / "lock");
  if (keeper && is_held && is_held.value()) process::signal_pidfd(keeper.value().get(), SIGKILL);
}

}  // namespace

Result<files::FileLock> take_service_from_keeper(const std::filesystem::path& directory) {
  const auto deadline = std::chrono::steady_clock::now() + kKillTime;
  for (;;) {
    auto lock = files::FileLock::try_acquire(directory / "lock");
    if (lock || lock.error().code() != Errc::Conflict) return lock;
    if (std::chrono::steady_clock::now() >= deadline) {
      return Error(Errc::Timeout, "the keeper in " + directory.string() + " does not end");
    }
    kill_keeper_in(directory);
    ::poll(nullptr, 0, kEndRoundMs);
  }
}

bool end_lost_service(const std::filesystem::path& directory, const ServiceSpec& spec) {
  const auto lock = read_job_lock(directory);
  if (lock && !lock.value().cgroup.empty()) {
    const auto group = process::Cgroup::open(lock.value().cgroup);
    if (group) {
      (void)group.value().kill();
      (void)group.value().await_empty(kKillTime);
      (void)group.value().remove();
    }
  }
  ::unlink(spec.socket.c_str());
  return process::kill_strays("OSTLER_SERVICE_ID=" + spec.id, kKillTime).empty();
}

}  // namespace ostler::supervise
