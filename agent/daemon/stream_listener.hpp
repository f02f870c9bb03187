// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <deque>
#include <optional>
#include <string>

#include "daemon/agent_parts.hpp"
#include "daemon/records.hpp"
#include "net/async_event.hpp"
#include "net/task_group.hpp"
#include "wire/agent_api.hpp"

namespace ostler::daemon {

/// Listens to the stream of pings of one session, which is opened again whenever it ends. While a
/// job runs it goes on, and keeps what is said for later: of pauses and resumptions the last one,
/// a disconnect for good, the ids of jobs in their order.
///
///     Trusted --it breaks--> Broken --a message comes--> Trusted
///        +------------+--------+--the server has none--> GivenUp
///
/// Runs on: the agent's strand. Source: agent-api 3.3.
class StreamListener {
 public:
  /// Both outlive this.
  StreamListener(AgentParts& parts, const SessionRecord& record);

  /// Opens the stream, unless it is open or given up.
  void open();
  /// Closes it and forgets what it brought: the server offers those jobs elsewhere.
  void close();
  /// Waits until nothing runs any more. Call after close(), before the end.
  boost::asio::awaitable<void> join() { return tasks_.join(); }

  /// Whether jobs come by it; if not, somebody has to poll.
  bool is_trusted() const { return health_ == Health::Trusted; }
  /// Why it is not opened again, if so.
  const std::optional<Error>& given_up() const { return given_up_; }
  /// Whether it ever brought a message.
  bool has_spoken() const { return has_spoken_; }

  /// The next thing that it brought and that is not outdated: an action, or a job while the session
  /// is not paused.
  std::optional<wire::PingResponse> take();
  /// Set when there is something to take, or the stream can or cannot be trusted any more.
  net::AsyncEvent& news() { return news_; }
  /// Set when it can be trusted again.
  net::AsyncEvent& recovered() { return recovered_; }

 private:
  enum class Health { Trusted, Broken, GivenUp };

  boost::asio::awaitable<void> keep_open(int opening);
  boost::asio::awaitable<bool> listen_once(int opening);
  void hear(wire::PingResponse message);
  void note_end(const Result<void>& ended);
  void note_message();
  bool polls() const;

  AgentParts& parts_;
  const SessionRecord& record_;
  net::AsyncEvent news_;
  net::AsyncEvent recovered_;
  Health health_ = Health::Trusted;
  std::optional<Error> given_up_;
  bool is_open_ = false;
  bool has_spoken_ = false;
  bool is_paused_ = false;
  int opening_ = 0;   ///< of the last open(): messages of earlier ones are late
  int attempts_ = 0;  ///< connections since the last message
  std::optional<wire::PingResponse> action_;
  std::deque<std::string> jobs_;
  std::string taken_;  ///< the job that was taken last, until the next is asked for
  net::TaskGroup tasks_;
};

}  // namespace ostler::daemon
