// SPDX-License-Identifier: Apache-2.0
#include "worker/plugin_http.hpp"

#include <map>

#include "base/joined.hpp"
#include "plugin_host/http_helper.hpp"
#include "worker/api_call.hpp"
#include "worker/child_environment.hpp"

namespace ostler::worker {

namespace asio = boost::asio;
using plugin_host::CallDone;
using plugin_host::HttpHelper;

namespace {

constexpr std::size_t kSendArguments = 6;
constexpr std::size_t kHeaders = 2;  // which of them
constexpr std::string_view kSecretBegin = "{secret:";

}  // namespace

struct PluginHttp::State {
  JobContext& job;
  std::vector<std::string> hosts;
  SecretAccess secrets;
  std::map<std::string, std::string> values = {};  ///< of secrets that were asked for
  std::shared_ptr<ApiCall> fetch = {};             ///< that is under way
  std::unique_ptr<HttpHelper> helper = {};
  bool is_over = false;

  asio::awaitable<Result<std::string>> value_of(std::string name);
  asio::awaitable<Result<bool>> put_secrets(std::string& headers);
  Result<void> start_helper();
  static asio::awaitable<void> send(std::shared_ptr<State> self, std::vector<std::string> arguments,
                                    CallDone done);
};

asio::awaitable<Result<std::string>> PluginHttp::State::value_of(std::string name) {
  if (const auto known = values.find(name); known != values.end()) co_return known->second;
  const std::vector<std::string> arguments = {name};
  OSTLER_CO_TRY(ServiceCall call,
                plan_service_call(job, secrets, "ostler.secret/1/get", arguments));
  const auto own =
      std::make_shared<ApiCall>(job.executor, job.link, std::move(*call.request), call.policy);
  fetch = own;
  OSTLER_CO_TRY(const std::string body, co_await own->make());
  OSTLER_CO_TRY(std::string value, call.read(body));
  values.emplace(name, value);
  co_return value;
}

/// Puts values in the place of "{secret:NAME}"; whether there was one.
asio::awaitable<Result<bool>> PluginHttp::State::put_secrets(std::string& headers) {
  bool is_any = false;
  for (std::size_t at = headers.find(kSecretBegin); at != headers.npos;
       at = headers.find(kSecretBegin, at)) {
    const std::size_t end = headers.find('}', at);
    if (end == headers.npos) co_return Error(Errc::UserFault, "a header has {secret: without }");
    const std::size_t name = at + kSecretBegin.size();
    OSTLER_CO_TRY(const std::string value, co_await value_of(headers.substr(name, end - name)));
    if (value.find_first_of("\r\n") != value.npos) {
      co_return Error(Errc::UserFault, "a secret of several lines fits no header: " +
                                           headers.substr(name, end - name));
    }
    headers.replace(at, end + 1 - at, value);
    at += value.size();
    is_any = true;
  }
  co_return is_any;
}

Result<void> PluginHttp::State::start_helper() {
  if (helper) return success();
  OSTLER_TRY(helper, HttpHelper::start(job.executor, job.host_program, child_environment(job)));
  job.tasks.spawn(helper->listen());
  return success();
}

asio::awaitable<void> PluginHttp::State::send(std::shared_ptr<State> self,
                                              std::vector<std::string> arguments, CallDone done) {
  const auto has_secret = co_await self->put_secrets(arguments[kHeaders]);
  if (self->is_over) co_return;
  if (!has_secret) co_return done(has_secret.error());
  arguments.push_back(joined(self->hosts, "\n"));
  arguments.emplace_back(has_secret.value() ? "1" : "0");
  const auto started = self->start_helper();
  if (!started) co_return done(started.error());
  self->helper->begin("send", arguments, std::move(done));
}

PluginHttp::PluginHttp(JobContext& job, std::vector<std::string> hosts,
                       std::vector<std::string> secrets)
    : state_(new State{.job = job, .hosts = std::move(hosts), .secrets = {std::move(secrets)}}) {}

PluginHttp::~PluginHttp() {
  state_->is_over = true;
  state_->helper.reset();
  if (state_->fetch) state_->fetch->abandon();
}

void PluginHttp::begin(const std::string& method, std::vector<std::string> arguments,
                       CallDone done) {
  if (method == "send" && arguments.size() == kSendArguments) {
    return state_->job.tasks.spawn(State::send(state_, std::move(arguments), std::move(done)));
  }
  const bool is_known = method == "read" || method == "close";
  if (!is_known || arguments.size() != 1) {
    return done(
        Error(Errc::UserFault, "http has send with six arguments, read and close with one"));
  }
  if (!state_->helper) return done(Error(Errc::NotFound, "no request of that number is open"));
  state_->helper->begin(method, arguments, std::move(done));
}

}  // namespace ostler::worker
