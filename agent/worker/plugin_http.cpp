// SPDX-License-Identifier: Apache-2.0
#include "worker/plugin_http.hpp"

#include <algorithm>
#include <map>

#include "plugin_host/http_permission.hpp"
#include "plugin_host/http_secrets.hpp"
#include "worker/api_call.hpp"
#include "worker/hub_requests.hpp"

namespace ostler::worker {

namespace asio = boost::asio;
using plugin_host::CallDone;
using plugin_host::HttpService;

namespace {

/// Of the job's variables only those that say how to reach servers: what plugins may set must not
/// lead a program with libraries for TLS, and it needs no token.
constexpr std::string_view kHelperVariables[] = {
    "HTTP_PROXY", "http_proxy", "HTTPS_PROXY",   "https_proxy",  "ALL_PROXY", "all_proxy",
    "NO_PROXY",   "no_proxy",   "SSL_CERT_FILE", "SSL_CERT_DIR", "PATH",      "HOME"};

std::vector<std::string> helper_environment(const JobContext& job) {
  std::vector<std::string> entries = {"LC_ALL=C.UTF-8"};
  for (const std::string_view name : kHelperVariables) {
    const std::string value = job.variable(name);
    if (!value.empty()) entries.push_back(std::string(name) + "=" + value);
  }
  return entries;
}

}  // namespace

struct PluginHttp::State {
  JobContext& job;
  HttpService http;
  HubRequests hub;
  SecretAccess secrets;
  std::map<std::string, std::string> values = {};      ///< of secrets that were asked for
  std::vector<std::weak_ptr<ApiCall>> under_way = {};  ///< that fetch others
  bool is_over = false;
  std::uint64_t breaks = 0;  ///< how often all was broken off: what began before then is over

  asio::awaitable<Result<void>> fetch_value(std::string name, std::uint64_t begun);
  asio::awaitable<Result<bool>> fill(std::string& headers, std::uint64_t begun);
  void break_off();
  static asio::awaitable<void> send(std::shared_ptr<State> self, std::vector<std::string> arguments,
                                    CallDone done);
};

asio::awaitable<Result<void>> PluginHttp::State::fetch_value(std::string name,
                                                             std::uint64_t begun) {
  if (is_over || begun != breaks) co_return Error(Errc::Cancelled, "the plugin is over");
  if (values.contains(name)) co_return success();
  const std::vector<std::string> arguments = {name};
  OSTLER_CO_TRY(ServiceCall call,
                plan_service_call(job, secrets, "ostler.secret/1/get", arguments));
  const auto fetch =
      std::make_shared<ApiCall>(job.executor, job.link, std::move(*call.request), call.policy);
  std::erase_if(under_way, [](const auto& other) { return other.expired(); });
  under_way.push_back(fetch);
  OSTLER_CO_TRY(const std::string body, co_await fetch->make());
  OSTLER_CO_TRY(std::string value, call.read(body));
  values.emplace(std::move(name), std::move(value));
  co_return success();
}

/// Fills the headers in; whether a secret is among them.
asio::awaitable<Result<bool>> PluginHttp::State::fill(std::string& headers, std::uint64_t begun) {
  OSTLER_CO_TRY(const auto names, plugin_host::secrets_in_headers(headers));
  if (names.empty()) co_return false;
  for (const std::string& name : names) {
    OSTLER_CO_TRY(co_await fetch_value(name, begun));
  }
  OSTLER_CO_TRY(headers, plugin_host::put_secrets(headers, values));
  co_return true;
}

void PluginHttp::State::break_off() {
  ++breaks;
  http.break_off();
  hub.break_off();
  for (const auto& weak : under_way) {
    if (const auto fetch = weak.lock()) fetch->abandon();
  }
}

asio::awaitable<void> PluginHttp::State::send(std::shared_ptr<State> self,
                                              std::vector<std::string> arguments, CallDone done) {
  const std::uint64_t begun = self->breaks;
  const auto has_secret = co_await self->fill(arguments[plugin_host::kHttpHeaders], begun);
  if (self->is_over || begun != self->breaks) co_return;  // nobody waits for it
  if (!has_secret) co_return done(has_secret.error());
  self->http.begin("send", std::move(arguments), has_secret.value(), std::move(done));
}

PluginHttp::PluginHttp(JobContext& job, const plugin_host::HttpReach& reach,
                       std::vector<std::string> secrets)
    : state_(new State{
          .job = job,
          .http = HttpService(job.executor, job.host_program, helper_environment(job), reach),
          .hub = HubRequests(
              job, std::ranges::find(reach.hosts, plugin_host::kHubPattern) != reach.hosts.end()),
          .secrets = {std::move(secrets)}}) {}

PluginHttp::~PluginHttp() = default;

void PluginHttp::break_off() { state_->break_off(); }

asio::awaitable<void> PluginHttp::end() {
  state_->is_over = true;
  state_->break_off();
  co_await state_->http.end();
}

void PluginHttp::begin(const std::string& method, std::vector<std::string> arguments,
                       CallDone done) {
  const auto fits = HttpService::check(method, arguments);
  if (!fits) return done(fits.error());
  HubRequests& hub = state_->hub;
  const std::string& first = arguments[0];
  if (method == "send" && HubRequests::is_hub_url(arguments[1])) {
    return hub.send(arguments, std::move(done));
  }
  if (method == "read" && hub.has(first)) return done(hub.read(first));
  if (method == "close" && hub.has(first)) {
    hub.close(first);
    return done(std::string());
  }
  if (method != "send") {
    return state_->http.begin(method, std::move(arguments), false, std::move(done));
  }
  state_->job.tasks.spawn(State::send(state_, std::move(arguments), std::move(done)));
}

}  // namespace ostler::worker
