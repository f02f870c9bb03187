// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <map>
#include <memory>
#include <string>

#include "wire/agent_api_steps.hpp"
#include "worker/keeper_link.hpp"

namespace ostler::worker {

/// Tells the server once for each exit status that the job will fail with it, however many commands
/// promise it. What the server accepted or finally refused is remembered; after any other failure
/// the next promise asks again. Runs on: one thread. Source: agent-api 4.1.
class PromisedFailures {
 public:
  /// Requires: `link` outlives it. `job` is the job's id.
  PromisedFailures(boost::asio::any_io_executor executor, KeeperLink& link, std::string job);
  ~PromisedFailures();

  /// Waits for the server's answer, which it asks for as often as agent_client::policy says, or for
  /// that of the earlier promise of this status.
  boost::asio::awaitable<wire::PromiseFailureAnswer> declare(wire::PromiseFailureRequest request);

 private:
  struct Promise;

  boost::asio::awaitable<wire::PromiseFailureAnswer> ask(wire::PromiseFailureRequest request);

  boost::asio::any_io_executor executor_;
  KeeperLink& link_;
  std::string job_;
  std::map<int, std::shared_ptr<Promise>> promises_;  // by exit status
};

}  // namespace ostler::worker
