// SPDX-License-Identifier: Apache-2.0
#include "daemon/adoption.hpp"

#include <algorithm>
#include <set>

#include "diag/log.hpp"
#include "files/file_lock.hpp"
#include "journal/ship_file.hpp"

namespace ostler::daemon {
namespace {

/// Whether nothing of a job without a session is left to do: its finish was acknowledged, or it
/// was never accepted and no keeper has it.
bool is_leftover(const StateDirectory& state, const std::string& job) {
  const auto directory = state.job_directory(job);
  const auto held = files::FileLock::is_held(directory / "lock");
  if (held && held.value()) return false;
  const auto ship = journal::ShipFile::open(directory / "ship");
  if (ship && ship.value().state().has(journal::Milestone::FinishAcknowledged)) return true;
  const auto record = state.job(job);
  return !record && record.error().code() == Errc::NotFound;
}

/// Saves `record` with `endpoint`, unless it has it.
template <typename Record>
Result<void> move_to(const StateDirectory& state, Record record, const std::string& endpoint) {
  if (record.endpoint == endpoint) return success();
  record.endpoint = endpoint;
  return state.save(record);
}

}  // namespace

Result<void> move_leftovers(const StateDirectory& state, const std::string& endpoint) {
  OSTLER_TRY(auto sessions, state.sessions());
  for (SessionRecord& session : sessions) {
    OSTLER_TRY(move_to(state, std::move(session), endpoint));
  }
  OSTLER_TRY(const auto jobs, state.jobs());
  for (const auto& job : jobs) {
    auto record = state.job(job);
    if (!record) continue;  // never accepted, or whoever adopts it says what is wrong
    OSTLER_TRY(move_to(state, std::move(record).value(), endpoint));
  }
  return success();
}

Result<void> adopt_leftovers(const StateDirectory& state,
                             const std::vector<std::unique_ptr<Slot>>& slots) {
  const auto slot_for = [&slots](int number) -> Slot& {
    return *slots[static_cast<std::size_t>(std::max(number - 1, 0)) % slots.size()];
  };
  OSTLER_TRY(auto sessions, state.sessions());
  std::set<std::string> carried;
  for (SessionRecord& session : sessions) {
    if (!session.job.empty()) carried.insert(session.job);
    slot_for(session.slot).adopt(std::move(session));
  }
  OSTLER_TRY(const auto jobs, state.jobs());
  for (const auto& job : jobs) {
    if (carried.contains(job)) continue;
    if (!is_leftover(state, job)) {
      slot_for(1).adopt_orphan(job);
      continue;
    }
    const auto removed = state.remove_job(job);
    if (!removed) diag::warn("a job's files stay behind", {{"error", removed.error().message()}});
  }
  return success();
}

}  // namespace ostler::daemon
