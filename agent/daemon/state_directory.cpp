// SPDX-License-Identifier: Apache-2.0
#include "daemon/state_directory.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <nlohmann/json.hpp>

#include "base/uuid.hpp"
#include "daemon/network_file_system.hpp"
#include "daemon/state_format.hpp"
#include "files/file.hpp"
#include "files/remove_tree.hpp"

namespace ostler::daemon {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

/// Who this is, and which directory it was written into.
constexpr auto kInstance = "instance";
/// Exists while the agent is paused on this machine.
constexpr auto kPaused = "paused";
/// A symbolic link to the living agent's socket.
constexpr auto kControl = "control";
constexpr std::size_t kLargestRecord = 1u << 20;

std::string host_name() {
  std::array<char, 256> name{};
  ::gethostname(name.data(), name.size() - 1);
  return name.data();
}

/// The error for a directory that another agent holds, from what that wrote into the lock.
Error held_by_another(const fs::path& path) {
  std::string who = "another agent";
  const auto text = files::read_file(path / "lock", kLargestRecord);
  const json lock = text ? json::parse(text.value(), nullptr, false) : json();
  if (lock.is_object() && lock.contains("pid") && lock.contains("started_at")) {
    who =
        "the agent with pid " + lock["pid"].dump() + ", running since " + lock["started_at"].dump();
  }
  return Error(Errc::Conflict, "state directory " + path.string() + " is in use by " + who +
                                   "; stop it, or choose another --state-path");
}

Error copied(const fs::path& path) {
  return Error(Errc::Conflict, "state directory " + path.string() +
                                   " is a copy, and holds sessions or jobs of the agent on the "
                                   "original; remove its sessions and jobs, or choose another "
                                   "--state-path");
}

/// What a directory keeps for life, and a copy of it has not.
Result<std::string> birth_of(const fs::path& directory) {
  struct statx found{};
  if (::statx(AT_FDCWD, directory.c_str(), 0, STATX_BTIME | STATX_INO, &found) != 0) {
    return Error::from_errno(errno, "statx " + directory.string());
  }
  const auto& born = found.stx_btime;
  if ((found.stx_mask & STATX_BTIME) == 0) return "inode " + std::to_string(found.stx_ino);
  return std::to_string(born.tv_sec) + "." + std::to_string(born.tv_nsec);
}

Result<void> refuse_network_file_system(const fs::path& path) {
  OSTLER_TRY(const auto network, network_file_system_of(path));
  if (network.empty()) return success();
  return Error(Errc::Denied, "state directory " + path.string() +
                                 " lies on a network file system (" + network +
                                 "); choose a local one with --state-path");
}

/// Writes over the content, which never becomes shorter than whole: a reader that comes between
/// finds blanks at the end.
Result<void> replace_content(int fd, std::string content, std::size_t old_size) {
  content += '\n';
  const std::size_t size = content.size();
  content.resize(std::max(size, old_size), ' ');
  if (::pwrite(fd, content.data(), content.size(), 0) != static_cast<ssize_t>(content.size()) ||
      ::ftruncate(fd, static_cast<off_t>(size)) != 0) {
    return Error::from_errno(errno, "write the lock file");
  }
  return success();
}

Result<void> remove_file(const fs::path& file) {
  if (::unlink(file.c_str()) == 0 || errno == ENOENT) return success();
  return Error::from_errno(errno, "remove " + file.string());
}

/// What a symbolic link says; empty when there is none.
Result<std::string> link_target(const fs::path& link) {
  std::error_code ec;
  const auto target = fs::read_symlink(link, ec);
  if (!ec || ec == std::errc::no_such_file_or_directory) return target.string();
  return Error::from_errno(ec.value(), "read the link " + link.string());
}

std::vector<std::string> names_in(const fs::path& directory) {
  std::vector<std::string> names;
  std::error_code ec;
  for (fs::directory_iterator at(directory, ec), end; !ec && at != end; at.increment(ec)) {
    names.push_back(at->path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

Result<StateDirectory> StateDirectory::open(const fs::path& path, const Clock& clock) {
  OSTLER_TRY(files::ensure_private_directory(path));
  OSTLER_TRY(refuse_network_file_system(path));
  auto lock = files::FileLock::try_acquire(path / "lock");
  if (!lock) {
    if (lock.error().code() == Errc::Conflict) return held_by_another(path);
    return std::move(lock).error().with_context("state directory");
  }
  StateDirectory state(path, std::move(lock).value());
  OSTLER_TRY(state.raise_epoch(clock));
  for (const auto* name : {"sessions", "jobs", "services", "service-files", "run"}) {
    OSTLER_TRY(files::ensure_private_directory(path / name));
  }
  OSTLER_TRY(state.find_instance());
  return state;
}

Result<void> StateDirectory::raise_epoch(const Clock& clock) {
  OSTLER_TRY(const auto text, files::read_file(path_ / "lock", kLargestRecord));
  if (!text.empty()) {
    const json before = json::parse(text, nullptr, false);
    OSTLER_TRY(check_format(before, "state directory " + path_.string()));
    if (!before.contains("epoch") || !before["epoch"].is_number_unsigned()) {
      return Error(Errc::Corrupt, (path_ / "lock").string() + " has no epoch");
    }
    epoch_ = before["epoch"].get<std::uint64_t>();
  }
  ++epoch_;
  const json content = {{"format", our_format()},
                        {"epoch", epoch_},
                        {"pid", ::getpid()},
                        {"host", host_name()},
                        {"started_at", format_rfc3339(clock.now())}};
  return replace_content(lock_.fd(), content.dump(), text.size());
}

/// A copy must not speak for the original: two agents would report on the same jobs.
Result<void> StateDirectory::find_instance() {
  OSTLER_TRY(const auto birth, birth_of(path_));
  const auto file = path_ / kInstance;
  const auto text = files::read_file(file, kLargestRecord);
  if (!text && text.error().code() != Errc::NotFound) return text.error();
  const json known = text ? json::parse(text.value(), nullptr, false) : json();
  if (text && !(known.is_object() && known.value("id", json()).is_string())) {
    return Error(Errc::Corrupt, file.string() + " names no instance; remove it");
  }
  if (text && known.value("birth", json()) == birth) {
    instance_ = known["id"];
    return success();
  }
  const bool is_empty = names_in(path_ / "sessions").empty() && names_in(path_ / "jobs").empty();
  if (text && !is_empty) return copied(path_);
  instance_ = Uuid::make().str();
  const json content = {{"format", our_format()}, {"id", instance_}, {"birth", birth}};
  return files::write_file_atomically(file, content.dump());
}

fs::path StateDirectory::session_file(const std::string& key) const {
  return path_ / "sessions" / (key + ".json");
}

Result<void> StateDirectory::save(const SessionRecord& record) const {
  return files::write_file_atomically(session_file(record.key), encode(record));
}

/// A symbolic link that names the job: it appears whole, and costs no block of the disk. (A file
/// renamed over another would make ext4 write it out at once.)
fs::path StateDirectory::session_job(const std::string& key) const {
  return path_ / "sessions" / (key + ".job");
}

Result<void> StateDirectory::assign(const std::string& session, const std::string& job) const {
  const auto link = session_job(session);
  OSTLER_TRY(remove_file(link));
  if (job.empty() || ::symlink(job.c_str(), link.c_str()) == 0) return success();
  return Error::from_errno(errno, "make " + link.string());
}

Result<void> StateDirectory::remove_session(const std::string& key) const {
  OSTLER_TRY(remove_file(session_job(key)));
  return remove_file(session_file(key));
}

Result<std::vector<SessionRecord>> StateDirectory::sessions() const {
  std::vector<SessionRecord> records;
  for (const auto& name : names_in(path_ / "sessions")) {
    if (!name.ends_with(".json")) continue;
    const auto file = path_ / "sessions" / name;
    OSTLER_TRY(const auto text, files::read_file(file, kLargestRecord));
    auto record = decode_session_record(text);
    if (!record) return std::move(record).error().with_context(file.string());
    OSTLER_TRY(record.value().job, link_target(session_job(record.value().key)));
    records.push_back(std::move(record).value());
  }
  return records;
}

bool StateDirectory::is_paused() const {
  std::error_code ec;
  return fs::exists(path_ / kPaused, ec);
}

Result<void> StateDirectory::set_paused(bool paused) const {
  if (!paused) return remove_file(path_ / kPaused);
  return files::write_file_atomically(path_ / kPaused, "");
}

Result<void> StateDirectory::name_control_socket(const fs::path& socket) const {
  forget_control_socket();
  if (::symlink(socket.c_str(), (path_ / kControl).c_str()) == 0) return success();
  return Error::from_errno(errno, "make " + (path_ / kControl).string());
}

void StateDirectory::forget_control_socket() const { ::unlink((path_ / kControl).c_str()); }

Result<fs::path> StateDirectory::control_socket(const fs::path& path) {
  std::error_code ec;
  auto socket = fs::read_symlink(path / kControl, ec);
  if (ec) return Error(Errc::NotFound, "no agent runs on " + path.string());
  return socket;
}

fs::path StateDirectory::job_directory(const std::string& job) const {
  return path_ / "jobs" / job;
}

Result<std::vector<std::string>> StateDirectory::jobs() const { return names_in(path_ / "jobs"); }

Result<void> StateDirectory::save(const JobRecord& record) const {
  return files::write_file_atomically(job_directory(record.job) / "job.json", encode(record));
}

Result<JobRecord> StateDirectory::job(const std::string& job) const {
  const auto file = job_directory(job) / "job.json";
  OSTLER_TRY(const auto text, files::read_file(file, kLargestRecord));
  auto record = decode_job_record(text);
  if (!record) return std::move(record).error().with_context(file.string());
  return record;
}

Result<void> StateDirectory::remove_job(const std::string& job) const {
  return files::remove_tree(job_directory(job));
}

bool is_usable_job_id(std::string_view id) {
  return !id.empty() && id.size() <= 64 && std::all_of(id.begin(), id.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-' || c == '_';
  });
}

}  // namespace ostler::daemon
