// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>
#include <vector>

#include "plugin_host/step_services.hpp"

namespace ostler::plugin_host {

/// The child that makes the HTTP requests of one plugin, `ostler-host job-http`: libraries of that
/// size are not for the process that runs a job. Runs on: one thread.
class HttpHelper {
 public:
  /// `host_program`: path of ostler-host. Errors: as process::spawn.
  static Result<std::unique_ptr<HttpHelper>> start(const boost::asio::any_io_executor& executor,
                                                   const std::string& host_program,
                                                   std::vector<std::string> environment);
  /// Kills it; nobody is answered any more.
  ~HttpHelper();

  /// Has it work on a call: "send", "read" or "close", as HttpRequests::begin.
  void begin(const std::string& method, const std::vector<std::string>& arguments, CallDone done);

  /// Whether it has ended: another one is to be started.
  bool is_gone() const;

  /// Carries its answers until it is gone. To be run once, by somebody who waits for it after the
  /// helper's end.
  boost::asio::awaitable<void> listen();

 private:
  struct State;
  explicit HttpHelper(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;
};

}  // namespace ostler::plugin_host
