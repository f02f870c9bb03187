// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>
#include <vector>

#include "net/task_group.hpp"
#include "plugin_host/http_helper.hpp"
#include "plugin_host/step_services.hpp"

namespace ostler::plugin_host {

/// The service `http` of one step, which a child works for: started with the first request, and
/// anew when it is gone. Runs on: one thread.
class HttpService {
 public:
  enum class Redirects { Followed, Kept };  ///< kept: one is an answer as any other

  /// `hosts`: that the step may ask; see http_permission.hpp. `environment`: of the child.
  HttpService(const boost::asio::any_io_executor& executor, std::string host_program,
              std::vector<std::string> environment, std::vector<std::string> hosts,
              Redirects redirects = Redirects::Followed);
  /// Requires: end() has returned, or nothing was sent.
  ~HttpService() = default;

  /// Whether these are a method of the service and as many arguments as it takes.
  /// Errors: UserFault, for the plugin.
  static Result<void> check(const std::string& method, const std::vector<std::string>& arguments);

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
  std::vector<std::string> hosts_;
  Redirects redirects_;
  net::TaskGroup tasks_;
  std::unique_ptr<HttpHelper> helper_;
};

/// Which argument of "send" the headers are.
inline constexpr std::size_t kHttpHeaders = 2;

}  // namespace ostler::plugin_host
