// SPDX-License-Identifier: Apache-2.0
#include "daemon/lock_service.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <utility>

#include "diag/log.hpp"
#include "files/file.hpp"
#include "journal/segment.hpp"
#include "wire/lock_api.hpp"

namespace ostler::daemon {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

constexpr const char* kLeader = "agent-leader";
constexpr const char* kLeaderLock = "leader.lock";
constexpr const char* kLocks = "locks";
constexpr auto kBetweenLooks = 500ms;
constexpr auto kStopGrace = 50ms;

bool answers(const std::filesystem::path& socket) {
  const UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, socket.c_str(), sizeof address.sun_path - 1);
  return ::connect(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
}

}  // namespace

LockService::LockService(AgentParts& parts)
    : parts_(parts),
      directory_(parts.runtime.path()),
      socket_name_("agent-" + std::to_string(::getpid())),
      handler_(table_, *this, parts.clock),
      server_(parts.strand, handler_) {}

asio::awaitable<void> LockService::run() {
  const auto listening = server_.listen_unix(directory_ / socket_name_);
  if (!listening) {
    diag::warn("no locks for jobs", {{"error", listening.error().message()}});
    co_return;
  }
  do {
    keep_leading();
  } while (co_await parts_.timers.sleep(kBetweenLooks));
  stop_leading();
  ::unlink((directory_ / socket_name_).c_str());
  co_await server_.stop(kStopGrace);
}

/// Should two agents lead for a moment because the lock's file went, the link decides.
void LockService::stop_leading() {
  if (!lead_ || !link_is_mine()) return;
  ::unlink((directory_ / kLeader).c_str());
  ::unlink((directory_ / kLeaderLock).c_str());
  if (table_.all().empty()) ::unlink((directory_ / kLocks).c_str());
}

void LockService::keep_leading() {
  if (lead_ && link_is_mine()) return;
  lead_.reset();
  if (is_led_by_another()) return;
  if (const auto led = try_to_lead(); !led && led.error().code() != Errc::Conflict) {
    diag::warn("cannot serve locks", {{"error", led.error().message()}});
  }
}

bool LockService::link_is_mine() const {
  std::error_code ec;
  return std::filesystem::read_symlink(directory_ / kLeader, ec) == socket_name_;
}

bool LockService::is_led_by_another() const {
  return !link_is_mine() && answers(directory_ / kLeader);
}

Result<void> LockService::try_to_lead() {
  OSTLER_TRY(auto lead, files::FileLock::try_acquire(directory_ / kLeaderLock));
  OSTLER_TRY(load());
  const std::filesystem::path fresh = directory_ / (socket_name_ + ".new");
  ::unlink(fresh.c_str());
  if (::symlink(socket_name_.c_str(), fresh.c_str()) != 0 ||
      ::rename(fresh.c_str(), (directory_ / kLeader).c_str()) != 0) {
    return Error::from_errno(errno, "link " + (directory_ / kLeader).string());
  }
  lead_ = std::move(lead);
  remove_dead_sockets();
  return success();
}

/// What agents left that were killed.
void LockService::remove_dead_sockets() const {
  std::error_code ec;
  for (const auto& entry : std::filesystem::directory_iterator(directory_, ec)) {
    const std::string name = entry.path().filename();
    const bool is_ours = name.starts_with("agent-") && entry.is_socket(ec) && name != socket_name_;
    if (is_ours && !entry.is_symlink(ec) && !answers(entry.path())) {
      ::unlink(entry.path().c_str());
    }
  }
}

Result<void> LockService::load() {
  table_.clear();
  auto text = files::read_file(directory_ / kLocks);
  if (!text && text.error().code() == Errc::NotFound) return success();
  OSTLER_TRY(const std::string content, std::move(text));
  const auto kept = wire::decode_lock_file(content);
  if (!kept) {
    diag::warn("the locks of an earlier agent cannot be read, and are lost",
               {{"file", (directory_ / kLocks).string()}, {"error", kept.error().message()}});
    return success();
  }
  OSTLER_TRY(const Uuid boot_id, journal::current_boot_id());
  if (kept.value().boot_id == boot_id.str()) table_.restore(kept.value().locks);
  return success();
}

Result<void> LockService::save() const {
  OSTLER_TRY(const Uuid boot_id, journal::current_boot_id());
  const std::string text = wire::encode(wire::LockFile{boot_id.str(), table_.all()});
  return files::write_file_atomically(directory_ / kLocks, text);
}

void LockService::changed() {
  if (const auto saved = save(); !saved) {
    diag::warn("locks would not outlive this agent", {{"error", saved.error().message()}});
  }
}

}  // namespace ostler::daemon
