// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/http_service.hpp"

#include "base/joined.hpp"
#include "plugin_host/http_permission.hpp"

namespace ostler::plugin_host {
namespace {

constexpr std::size_t kShownUrl = 200;  // bytes of it in an error

}  // namespace

void append_reach(std::vector<std::string>& arguments, const HttpReach& reach, bool holds_secret) {
  arguments.push_back(joined(reach.hosts, "\n"));
  arguments.emplace_back(holds_secret ? "1" : "0");
  arguments.emplace_back(reach.redirects == HttpReach::Redirects::Kept ? "1" : "0");
  for (const StepRoot& root : reach.roots) arguments.push_back(root.path);
}

HttpService::HttpService(const boost::asio::any_io_executor& executor, std::string host_program,
                         std::vector<std::string> environment, HttpReach reach)
    : executor_(executor),
      host_program_(std::move(host_program)),
      environment_(std::move(environment)),
      reach_(std::move(reach)),
      tasks_(executor) {}

Result<void> HttpService::check(const std::string& method, std::vector<std::string>& arguments) {
  const bool has_file = arguments.size() == kHttpFile + 1;
  const bool is_send = method == "send" && (has_file || arguments.size() == kHttpFile);
  const bool is_other = (method == "read" || method == "close") && arguments.size() == 1;
  if (is_send) arguments.resize(kHttpFile + 1);
  if (is_send || is_other) return success();
  return Error(Errc::UserFault,
               "http has send with six arguments or seven, read and close with one");
}

Result<void> HttpService::start_helper() {
  if (helper_ && !helper_->is_gone()) return success();
  OSTLER_TRY(helper_, HttpHelper::start(executor_, host_program_, environment_));
  tasks_.spawn(helper_->listen());
  return success();
}

void HttpService::begin(const std::string& method, std::vector<std::string> arguments,
                        bool holds_secret, CallDone done) {
  if (method == "send" && arguments[1].starts_with(kHubPattern)) {
    return done(Error(Errc::Unavailable, "this run has no server that gave it a job: " +
                                             arguments[1].substr(0, kShownUrl)));
  }
  if (method == "send") {
    const auto started = start_helper();
    if (!started) return done(started.error());
    append_reach(arguments, reach_, holds_secret);
  }
  if (helper_ && !helper_->is_gone()) return helper_->begin(method, arguments, std::move(done));
  if (method == "close") return done(std::string());
  done(Error(Errc::NotFound, "no request of that name is open"));
}

boost::asio::awaitable<void> HttpService::end() {
  helper_.reset();
  co_await tasks_.join();
}

}  // namespace ostler::plugin_host
