// SPDX-License-Identifier: Apache-2.0
#include "support/left_jobs.hpp"

#include <csignal>

#include "base/clock.hpp"
#include "files/file_lock.hpp"
#include "process/pidfd.hpp"
#include "supervise/job_lock.hpp"
#include "supervise/lost_keeper.hpp"
#include "support/wait_until.hpp"

namespace ostler::support {
namespace {

bool keeper_lives(const std::filesystem::path& job) {
  const auto held = files::FileLock::is_held(job / "lock");
  return held && held.value();
}

void kill_keeper(const std::filesystem::path& job) {
  const auto lock = supervise::read_job_lock(job);
  if (!lock || lock.value().keeper <= 0) return;
  const auto keeper = process::open_pidfd(lock.value().keeper);
  // Asked last: while the lock is held, the pid is the keeper's.
  if (keeper && keeper_lives(job)) process::signal_pidfd(keeper.value().get(), SIGKILL);
  wait_until(std::chrono::seconds(10), [&] { return !keeper_lives(job); });
}

}  // namespace

void end_left_jobs(const std::filesystem::path& state) {
  std::error_code ec;
  for (const auto& entry : std::filesystem::directory_iterator(state / "jobs", ec)) {
    kill_keeper(entry.path());
    const std::string job = entry.path().filename();
    (void)supervise::conclude_lost_keeper(entry.path(), SystemClock(), {.job_id = job});
  }
}

}  // namespace ostler::support
