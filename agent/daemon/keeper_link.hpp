// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "process/spawn.hpp"
#include "supervise/async_channel.hpp"
#include "supervise/message.hpp"

namespace ostler::daemon {

/// What one keeper needs to be started or found.
struct KeeperPlace {
  std::filesystem::path program;  ///< `ostler`
  std::filesystem::path job_directory;
  std::filesystem::path socket;
  std::uint64_t epoch = 0;
  std::filesystem::path groups;  ///< where its control group is made; empty: nowhere
};

/// How a keeper's connection ended.
enum class KeeperEnd {
  Done,    ///< the verdict is in the journal and the process tree is empty
  Failed,  ///< the keeper could not do its work; no process of the job is left
  Broken,  ///< the connection ended without a word: the keeper may be dead
};

/// The agent's connection to the keeper of one job.
/// Runs on: the strand it was made with.
class KeeperLink {
 public:
  /// What the keeper says while it works.
  class Listener {
   public:
    virtual ~Listener() = default;
    virtual void on_wake() = 0;
    virtual void on_api_request(supervise::ApiRequest request) = 0;
  };

  /// Starts a keeper, which starts its worker. Returns when it is executing; it has not answered
  /// yet. Blocks for the start of a process. Errors: those of FileLock::try_acquire and
  /// process::spawn.
  static Result<std::unique_ptr<KeeperLink>> start(boost::asio::any_io_executor strand,
                                                   const KeeperPlace& place);
  /// Connects to a keeper that an earlier agent started.
  /// Errors: NotFound, Unavailable: nobody listens (yet).
  static Result<std::unique_ptr<KeeperLink>> join(boost::asio::any_io_executor strand,
                                                  const KeeperPlace& place);

  /// Says Hello and waits for Welcome. Errors: Timeout; Unavailable; Conflict when the keeper obeys
  /// another agent or speaks another protocol; Protocol.
  boost::asio::awaitable<Result<supervise::Welcome>> greet();

  template <class Message>
  boost::asio::awaitable<Result<void>> send(Message message) {
    co_return co_await channel_.send(message);
  }

  /// Passes on what the keeper says until the connection ends
  /// (or nothing has come for `patience`, which counts as Broken).
  boost::asio::awaitable<KeeperEnd> listen(
      Listener& listener,
      std::chrono::steady_clock::duration patience = supervise::AsyncChannel::kForever);

  /// Ends the connection, and whatever is being sent on it.
  void close() { channel_.close(); }

  /// Waits for the end of a keeper that this agent started and reaps it; kills one that does not
  /// end though its work is done.
  boost::asio::awaitable<void> reap();

 private:
  KeeperLink(supervise::AsyncChannel channel, std::uint64_t epoch,
             std::optional<process::Child> child);
  boost::asio::awaitable<std::optional<KeeperEnd>> take(supervise::Frame frame, Listener& listener);

  supervise::AsyncChannel channel_;
  std::uint64_t epoch_;
  std::optional<process::Child> child_;
};

}  // namespace ostler::daemon
