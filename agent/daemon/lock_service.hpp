// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <filesystem>
#include <optional>

#include "daemon/agent_parts.hpp"
#include "daemon/lock_server.hpp"
#include "files/file_lock.hpp"
#include "lock/lock_table.hpp"
#include "net/http_server.hpp"

namespace ostler::daemon {

/// The locks of this machine. Of the agents that share a sockets directory one leads:
///
///     agent-<pid>   its socket, mode 0600
///     agent-leader  link to the leader's socket
///     leader.lock   held by the leader, as far as it is one of ours
///     locks         what the leader's table holds, for the next leader
///
/// The file is of this run of the machine only, so locks outlive agents and end with the machine.
/// Source: agent-api 4.2. Runs on: the strand.
class LockService final : public LockListener {
 public:
  explicit LockService(AgentParts& parts);

  /// Listens and leads as soon as nobody else does, until cancelled. An agent whose sockets cannot
  /// be made goes on without locks, and says so.
  boost::asio::awaitable<void> run();

  void changed() override;

 private:
  void keep_leading();
  void stop_leading();
  Result<void> try_to_lead();
  bool is_led_by_another() const;
  bool link_is_mine() const;
  void remove_dead_sockets() const;
  Result<void> load();
  Result<void> save() const;

  AgentParts& parts_;
  std::filesystem::path directory_;
  std::string socket_name_;
  lock::LockTable table_;
  LockServer handler_;
  net::HttpServer server_;
  std::optional<files::FileLock> lead_;
};

}  // namespace ostler::daemon
