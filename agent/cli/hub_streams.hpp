// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "cli/hub_client.hpp"
#include "cli/poll_pace.hpp"
#include "net/http_client.hpp"
#include "net/server_events.hpp"
#include "net/timers.hpp"

namespace ostler::cli {

/// What a person's program follows at a hub while it does other things as well. A hub that does
/// not answer, or takes no more calls of this token for now, is waited for, five minutes at most.
/// Errors of every call: those of HubClient; Cancelled.
/// Runs on: the executor that it was made with. Cancel: any strength; ends the call.
class HubStreams {
 public:
  /// `hub` outlives it.
  HubStreams(const HubClient& hub, const boost::asio::any_io_executor& executor)
      : hub_(hub), http_(executor) {}

  /// Called when the hub no longer answers as it should, with what people are told of it: "the hub
  /// does not answer; waiting for it".
  using Away = std::function<void(const std::string&)>;

  struct Stream {
    std::string path;     ///< below the organization
    std::string last_id;  ///< what is behind it is wanted; empty: everything
    /// Takes events as they come. An error of it ends the stream and is returned.
    std::function<Result<void>(const std::vector<net::ServerEvent>&)> take;
    Away away;
  };
  /// Follows a stream to its end, going on where it was after every break. False when the server
  /// has no such stream.
  boost::asio::awaitable<Result<bool>> follow(Stream stream);

  /// The answer to a GET; `away` as above.
  boost::asio::awaitable<Result<net::HttpResponse>> get(std::string path, net::HttpHeaders headers,
                                                        Away away);

  /// A PUT, sent once. Errors: those of HubClient.
  boost::asio::awaitable<Result<void>> put(std::string path, std::string body = "");

 private:
  enum class Break : std::uint8_t { End, NoStream, Closed };
  struct Progress;

  boost::asio::awaitable<Result<Break>> read_once(const Stream& stream, Progress& progress);

  const HubClient& hub_;
  net::HttpClient http_;
  net::SystemTimers timers_;
};

/// Tells it on standard error; a HubStreams::Away.
void remark_away(const std::string& words);

/// HubStreams::follow for a command that does nothing else meanwhile.
Result<bool> follow_stream(const HubClient& hub, HubStreams::Stream stream);

/// HubStreams::get for such a command.
Result<net::HttpResponse> wait_for_answer(const HubClient& hub, const std::string& path,
                                          const HubStreams::Away& away);

}  // namespace ostler::cli
