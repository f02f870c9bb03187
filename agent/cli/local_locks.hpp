// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "plugin_host/step_services.hpp"

namespace ostler::cli {

/// The locks that step plugins hold outside any build: files of this person's take the place of the
/// hub. Freed when they are released, and with the process. Runs on: one thread.
class LocalLocks {
 public:
  /// `directory`, made with the first lock, holds a file for each. `tell` gets a line about a wait
  /// that takes long.
  LocalLocks(const boost::asio::any_io_executor& executor, std::filesystem::path directory,
             std::function<void(const std::string&)> tell);
  /// Requires: end() has returned, or nothing was begun.
  ~LocalLocks();

  /// Requires: plugin_host::is_lock_call().
  void begin(const std::string& method, const std::vector<std::string>& arguments,
             plugin_host::CallDone done);
  /// Gives up every wait that has begun; new ones may begin.
  void break_off();
  /// Frees all; nothing is left of waits when it returns.
  boost::asio::awaitable<void> end();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace ostler::cli
