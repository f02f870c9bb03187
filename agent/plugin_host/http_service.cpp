// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/http_service.hpp"

#include "base/joined.hpp"
#include "plugin_host/http_permission.hpp"

namespace ostler::plugin_host {
namespace {

constexpr std::size_t kSendArguments = 6;
constexpr std::size_t kShownUrl = 200;  // bytes of it in an error

}  // namespace

HttpService::HttpService(const boost::asio::any_io_executor& executor, std::string host_program,
                         std::vector<std::string> environment, std::vector<std::string> hosts,
                         Redirects redirects)
    : executor_(executor),
      host_program_(std::move(host_program)),
      environment_(std::move(environment)),
      hosts_(std::move(hosts)),
      redirects_(redirects),
      tasks_(executor) {}

Result<void> HttpService::check(const std::string& method,
                                const std::vector<std::string>& arguments) {
  const bool is_send = method == "send" && arguments.size() == kSendArguments;
  const bool is_other = (method == "read" || method == "close") && arguments.size() == 1;
  if (is_send || is_other) return success();
  return Error(Errc::UserFault, "http has send with six arguments, read and close with one");
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
    arguments.push_back(joined(hosts_, "\n"));
    arguments.emplace_back(holds_secret ? "1" : "0");
    if (redirects_ == Redirects::Kept) arguments.emplace_back("1");
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
