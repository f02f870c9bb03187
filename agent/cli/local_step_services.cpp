// SPDX-License-Identifier: Apache-2.0
#include "cli/local_step_services.hpp"

#include <filesystem>

#include "base/joined.hpp"

namespace ostler::cli {

using plugin_host::CallDone;

namespace {

constexpr std::string_view kHttpService = "ostler.http/1";
constexpr std::size_t kSendArguments = 6;
constexpr std::size_t kHeaderLines = 2;  // which of them

}  // namespace

LocalStepServices::LocalStepServices(const boost::asio::any_io_executor& executor,
                                     plugin_host::JsonValue config, std::vector<std::string> hosts)
    : StepServices(std::move(config), environment::variables_of_process()),
      executor_(executor),
      hosts_(std::move(hosts)),
      tasks_(executor) {}

std::vector<std::string> LocalStepServices::more_ids() const {
  if (hosts_.empty()) return {};
  return {std::string(kHttpService)};
}

Result<void> LocalStepServices::start_helper() {
  if (helper_ && !helper_->is_gone()) return success();
  std::error_code error;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) return Error::from_errno(error.value(), "read /proc/self/exe");
  std::vector<std::string> entries;
  for (const auto& [name, value] : environment::variables_of_process()) {
    entries.push_back(name + "=" + value);
  }
  OSTLER_TRY(helper_, plugin_host::HttpHelper::start(executor_, self, std::move(entries)));
  tasks_.spawn(helper_->listen());
  return success();
}

void LocalStepServices::send(std::vector<std::string> arguments, CallDone done) {
  if (arguments[kHeaderLines].find("{secret:") != std::string::npos) {
    return done(Error(Errc::Denied, "outside a build there are no secrets to put into headers"));
  }
  const auto started = start_helper();
  if (!started) return done(started.error());
  arguments.push_back(joined(hosts_, "\n"));
  arguments.emplace_back("0");
  helper_->begin("send", arguments, std::move(done));
}

void LocalStepServices::begin_call(const std::string& method, std::vector<std::string> arguments,
                                   CallDone done, plugin_host::HostCommands&) {
  const std::string what = method.substr(method.rfind('/') + 1);
  if (what == "send" && arguments.size() == kSendArguments) {
    return send(std::move(arguments), std::move(done));
  }
  const bool is_known = what == "read" || what == "close";
  if (!is_known || arguments.size() != 1) {
    return done(
        Error(Errc::UserFault, "http has send with six arguments, read and close with one"));
  }
  if (helper_ && !helper_->is_gone()) return helper_->begin(what, arguments, std::move(done));
  if (what == "close") return done(std::string());
  done(Error(Errc::NotFound, "no request of that name is open"));
}

boost::asio::awaitable<void> LocalStepServices::end() {
  helper_.reset();
  co_await tasks_.join();
}

}  // namespace ostler::cli
