// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "daemon/records.hpp"
#include "files/file_lock.hpp"

namespace ostler::daemon {

/// What an agent must find again after it was killed. Held by one living agent: the lock says so,
/// never a pid.
class StateDirectory {
 public:
  /// Makes or checks the directory, takes its lock and raises the epoch.
  /// Errors: Conflict when another agent holds it (the message names its pid and since when), or
  /// when it was written by a newer major version, which is left untouched, or when it is a copy
  /// that holds sessions or jobs of the agent on the original; Denied when others may enter it or
  /// it lies on a network file system; Corrupt.
  static Result<StateDirectory> open(const std::filesystem::path& path, const Clock& clock);

  const std::filesystem::path& path() const { return path_; }
  /// Larger than that of every agent before: keepers obey the highest.
  std::uint64_t epoch() const { return epoch_; }
  /// What tells this directory from every other, copies of it included.
  const std::string& instance() const { return instance_; }

  /// Stores all but the session's job.
  Result<void> save(const SessionRecord& record) const;
  /// Stores which job the session has, in place of the one before; empty: none.
  Result<void> assign(const std::string& session, const std::string& job) const;
  Result<void> remove_session(const std::string& key) const;
  /// Every session that is stored. Errors: also those of decode_session_record, naming the file.
  Result<std::vector<SessionRecord>> sessions() const;

  /// Whether somebody on this machine has paused the agent; it stays so until it is resumed here.
  bool is_paused() const;
  Result<void> set_paused(bool paused) const;

  /// Tells `ostler agent` where the living agent listens.
  Result<void> name_control_socket(const std::filesystem::path& socket) const;
  void forget_control_socket() const;
  /// Where the agent on the state directory `path` listens, if one lives.
  /// Errors: NotFound when none has said so.
  static Result<std::filesystem::path> control_socket(const std::filesystem::path& path);

  /// Of services that outlive jobs; see supervise/service_directory.hpp.
  std::filesystem::path services() const { return path_ / "services"; }

  std::filesystem::path job_directory(const std::string& job) const;
  /// The ids of the jobs that have a directory.
  Result<std::vector<std::string>> jobs() const;
  Result<void> save(const JobRecord& record) const;
  /// Errors: NotFound when the job was never accepted; those of decode_job_record.
  Result<JobRecord> job(const std::string& job) const;
  Result<void> remove_job(const std::string& job) const;

 private:
  StateDirectory(std::filesystem::path path, files::FileLock lock)
      : path_(std::move(path)), lock_(std::move(lock)) {}
  Result<void> raise_epoch(const Clock& clock);
  Result<void> find_instance();
  std::filesystem::path session_file(const std::string& key) const;
  std::filesystem::path session_job(const std::string& key) const;

  std::filesystem::path path_;
  files::FileLock lock_;
  std::uint64_t epoch_ = 0;
  std::string instance_;
};

/// Whether a server's job id can name a directory: 1 to 64 letters, digits, "-" and "_".
bool is_usable_job_id(std::string_view id);

}  // namespace ostler::daemon
