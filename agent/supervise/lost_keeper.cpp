// SPDX-License-Identifier: Apache-2.0
#include "supervise/lost_keeper.hpp"

#include <optional>
#include <string>
#include <vector>

#include "files/file.hpp"
#include "files/file_lock.hpp"
#include "journal/reader.hpp"
#include "journal/segment.hpp"
#include "journal/writer.hpp"
#include "process/cgroup.hpp"
#include "process/stray.hpp"
#include "supervise/job_lock.hpp"

namespace ostler::supervise {
namespace {

constexpr std::size_t kMaxNamedProcesses = 20;

/// The job's control group, if it is there (still).
std::optional<process::Cgroup> find_group(const std::string& directory) {
  if (directory.empty()) return std::nullopt;
  auto group = process::Cgroup::open(directory);
  if (!group) return std::nullopt;
  return std::move(group).value();
}

std::string list(const std::vector<pid_t>& pids) {
  std::string text;
  for (std::size_t i = 0; i < pids.size() && i < kMaxNamedProcesses; ++i) {
    text += (i == 0 ? "" : ", ") + std::to_string(pids[i]);
  }
  return text;
}

/// Kills all that is in the group; what to say about it.
std::string kill_group(const process::Cgroup& group, std::chrono::milliseconds timeout) {
  if (!group.kill()) return "";
  if (group.await_empty(timeout)) return "; its control group was killed";
  return "; its control group was killed, but a process is left in it";
}

/// Ends what the keeper left behind; what to say about it.
std::string end_processes(const std::optional<process::Cgroup>& group,
                          const LostKeeperOptions& options) {
  std::string said;
  if (group) said = kill_group(*group, options.kill_timeout);
  const auto left =
      process::kill_strays("BUILDKITE_JOB_ID=" + options.job_id, options.kill_timeout);
  if (!left.empty()) said += "; these processes of the job could not be killed: " + list(left);
  return said;
}

/// Whether the journal says that a process of the user may have run.
Result<bool> has_started(const std::filesystem::path& directory) {
  OSTLER_TRY(auto reader, journal::Reader::open(directory));
  for (bool is_first = true;; is_first = false) {
    OSTLER_TRY(const auto record, reader.next());
    if (!record) return false;
    // The beginning is removed only after it was shipped: such a job has long started.
    const bool is_cut = is_first && record->at.records > 0;
    if (is_cut || record->type == journal::RecordType::Started) return true;
  }
}

journal::Verdict verdict_for(bool host_restarted, const std::string& said) {
  using journal::Cause;
  journal::Verdict verdict;
  verdict.exit_status = -1;
  if (host_restarted) {
    verdict.cause = Cause::HostRestarted;
    verdict.evidence = "the machine restarted while the job ran";
  } else {
    verdict.cause = Cause::KeeperLost;
    verdict.evidence = "the keeper process of the job died without a verdict" + said;
  }
  return verdict;
}

}  // namespace

Result<LostKeeper> conclude_lost_keeper(const std::filesystem::path& job_directory,
                                        const Clock& clock, const LostKeeperOptions& options) {
  OSTLER_TRY(const auto held, files::FileLock::try_acquire(job_directory / "lock"));
  OSTLER_TRY(auto writer, journal::Writer::open(job_directory, clock,
                                                {.minimum_output = options.shipped_output}));
  OSTLER_TRY(const Uuid boot_id, journal::current_boot_id());
  const bool host_restarted = writer.boot_id() != boot_id;
  OSTLER_TRY(const JobLock lock, read_job_lock(job_directory));
  const auto group = host_restarted ? std::nullopt : find_group(lock.cgroup);
  LostKeeper lost;
  OSTLER_TRY(lost.started, has_started(job_directory));
  std::string said;
  if (!writer.verdict() && !host_restarted) said = end_processes(group, options);
  // A group that cannot be removed holds a process that could not be killed: the verdict says so.
  if (group) (void)group->remove();
  if (writer.verdict()) {
    lost.verdict = *writer.verdict();
    lost.had_verdict = true;
    return lost;
  }
  lost.verdict = verdict_for(host_restarted, said);
  const std::string line = journal::notice_line(clock.now(), lost.verdict.evidence);
  OSTLER_TRY(writer.append(journal::RecordType::Output, line));
  OSTLER_TRY(writer.append_verdict(lost.verdict));
  OSTLER_TRY(writer.sync());
  return lost;
}

}  // namespace ostler::supervise
