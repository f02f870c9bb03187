// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>

#include "hub/agent_api/call.hpp"

namespace ostler::agent_api {

/// The answer to StreamPings: a message when it begins, one for each job that the agent is
/// offered, and one whenever it is paused, resumed or to disconnect. Ends by itself within a
/// minute, as agents give up on it then.
///
///     Free --job offered--> Offered --accepted--> Busy --job over--> Free
///                              +------lapsed-----------------------> Free
///
/// Source: agent-api 3.
class PingStream final : public net::BodySource {
 public:
  /// `executor` is that of the connection. Backend outlives this.
  PingStream(const Backend& backend, AgentId agent, const boost::asio::any_io_executor& executor);
  /// An offer that the agent has not accepted goes elsewhere.
  ~PingStream() override;

  /// Cancel: `total` ends the stream.
  boost::asio::awaitable<Result<std::string>> next() override;
  std::optional<std::uint64_t> size() const override { return std::nullopt; }
  net::HttpHeaders trailers() const override { return {{"grpc-status", "0"}}; }

 private:
  bool offer_stands();
  std::optional<std::string> news_for(const model::Agent& agent);

  const Backend& backend_;
  AgentId agent_;
  hub::AgentWatch::Entry watch_;
  std::chrono::nanoseconds ends_at_;
  std::optional<wire::PingAction> told_;
  std::optional<JobId> offered_;
};

}  // namespace ostler::agent_api
