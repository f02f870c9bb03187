// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>
#include <vector>

#include "net/task_group.hpp"
#include "plugin_host/http_helper.hpp"
#include "plugin_host/step_files.hpp"
#include "plugin_host/step_services.hpp"

namespace ostler::plugin_host {

/// Which arguments of "send" these are.
inline constexpr std::size_t kHttpHeaders = 2;
inline constexpr std::size_t kHttpBody = 3;
inline constexpr std::size_t kHttpIdle = 5;
inline constexpr std::size_t kHttpFile = 6;  ///< path of a body; empty: there is none

/// What requests of a step may reach.
struct HttpReach {
  enum class Redirects { Followed, Kept };  ///< kept: one is an answer as any other
  std::vector<std::string> hosts;           ///< that it may ask; see http_permission.hpp
  StepRoots roots;                          ///< whose files it may send
  Redirects redirects = Redirects::Followed;
};
/// Completes the arguments of a plugin for read_http_request. `holds_secret`: a header does.
void append_reach(std::vector<std::string>& arguments, const HttpReach& reach, bool holds_secret);

/// The service `http` of one step, which a child works for: started with the first request, and
/// anew when it is gone. Runs on: one thread.
class HttpService {
 public:
  /// `environment`: of the child.
  HttpService(const boost::asio::any_io_executor& executor, std::string host_program,
              std::vector<std::string> environment, HttpReach reach);
  /// Requires: end() has returned, or nothing was sent.
  ~HttpService() = default;

  /// Whether these are a method of the service and as many arguments as it takes; the one that
  /// "send" can do without is there afterwards. Errors: UserFault, for the plugin.
  static Result<void> check(const std::string& method, std::vector<std::string>& arguments);

  /// Requires: check(). `holds_secret`: a header does, for "send".
  void begin(const std::string& method, std::vector<std::string> arguments, bool holds_secret,
             CallDone done);
  /// Breaks off every request that has begun; new ones may begin.
  void break_off() { helper_.reset(); }
  /// Nothing is left of requests when it returns.
  boost::asio::awaitable<void> end();

 private:
  Result<void> start_helper();

  boost::asio::any_io_executor executor_;
  std::string host_program_;
  std::vector<std::string> environment_;
  HttpReach reach_;
  net::TaskGroup tasks_;
  std::unique_ptr<HttpHelper> helper_;
};

}  // namespace ostler::plugin_host
