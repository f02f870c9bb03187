// SPDX-License-Identifier: Apache-2.0
#include "cli/recording_services.hpp"

#include <map>

#include "cli/local_calls.hpp"
#include "environment/redacted_vars.hpp"
#include "plugin_host/http_body.hpp"
#include "plugin_host/http_head.hpp"
#include "plugin_host/http_permission.hpp"
#include "plugin_host/http_secrets.hpp"

namespace ostler::cli {

using plugin_host::CallDone;
using plugin_host::HttpService;

namespace {

/// Of a hop, as a plugin has them.
std::vector<std::string> arguments_of(const net::HttpRequest& hop, const std::string& idle,
                                      const std::string& file) {
  std::string headers;
  for (const auto& [name, value] : hop.headers) headers += name + ": " + value + "\n";
  return {hop.method,
          hop.url,
          headers,
          file.empty() ? std::get<std::string>(hop.body) : "",
          std::to_string(hop.total_timeout.count()),
          idle,
          file};
}

}  // namespace

RecordingServices::RecordingServices(const boost::asio::any_io_executor& executor,
                                     plugin_host::JsonValue config,
                                     const CasePermissions& permissions, const LocalRun& run,
                                     std::optional<CaseJob> job)
    : CaseStepServices(executor, std::move(config), permissions, run, std::move(job)),
      reach_{permissions.hosts, run.roots, plugin_host::HttpReach::Redirects::Kept},
      http_(executor, run.self, entries_of_process(), reach_) {}

void RecordingServices::cancel_calls() {
  CaseStepServices::cancel_calls();
  http_.break_off();
}

boost::asio::awaitable<void> RecordingServices::end() {
  co_await CaseStepServices::end();
  co_await http_.end();
}

void RecordingServices::begin_http(const std::string& what, std::vector<std::string> arguments,
                                   CallDone done) {
  const auto fits = HttpService::check(what, arguments);
  if (!fits) return done(fits.error());
  if (what == "close") return http_.begin(what, std::move(arguments), false, std::move(done));
  if (what == "read") {
    CallDone recorded = recorder_.record_read(arguments[0], std::move(done));
    return http_.begin(what, std::move(arguments), false, std::move(recorded));
  }
  if (arguments[1].starts_with(plugin_host::kHubPattern)) {
    return http_.begin(what, std::move(arguments), false, std::move(done));
  }
  const std::string idle = arguments[plugin_host::kHttpIdle];
  const std::string file = arguments[plugin_host::kHttpFile];
  auto hops = hops_of(std::move(arguments));
  if (!hops) return done(hops.error());
  send_hop(std::make_shared<Request>(std::move(hops).value(), idle, file, std::move(done)));
}

Result<plugin_host::HttpHops> RecordingServices::hops_of(std::vector<std::string> arguments) const {
  OSTLER_TRY(const auto names,
             plugin_host::secrets_in_headers(arguments[plugin_host::kHttpHeaders]));
  append_reach(arguments, reach_, !names.empty());
  OSTLER_TRY(auto asked, plugin_host::read_http_request(arguments));
  return plugin_host::HttpHops(std::move(asked));
}

/// With the names of secrets in its headers; each hop takes their values anew.
void RecordingServices::send_hop(const std::shared_ptr<Request>& request) {
  const auto next = request->hops.next();
  if (!next) return request->done(next.error());
  const net::HttpBody& body = next.value().body;
  const bool has_file = !std::holds_alternative<std::string>(body);
  const auto digest = has_file ? plugin_host::digest_of_body(body) : Result<std::string>("");
  if (!digest) return request->done(digest.error());
  auto arguments = arguments_of(next.value(), request->idle, has_file ? request->file : "");
  CallDone recorded = recorder_.record_send(
      arguments, digest.value(),
      [this, request](Result<std::string> found) { take_hop(request, std::move(found)); });
  const auto has_secret = fill(arguments[plugin_host::kHttpHeaders]);
  if (!has_secret) return recorded(has_secret.error());
  http_.begin("send", std::move(arguments), has_secret.value(), std::move(recorded));
}

void RecordingServices::take_hop(const std::shared_ptr<Request>& request,
                                 Result<std::string> found) {
  if (!found) return request->done(std::move(found));
  plugin_host::HttpHead head = plugin_host::read_http_head(found.value());
  const auto leads_on = request->hops.follow({head.status, std::move(head.headers), ""});
  if (leads_on && !leads_on.value()) return request->done(std::move(found));
  http_.begin("close", {head.name}, false, [](const Result<std::string>&) {});
  if (!leads_on) return request->done(leads_on.error());
  send_hop(request);
}

Result<bool> RecordingServices::fill(std::string& headers) {
  OSTLER_TRY(const auto names, plugin_host::secrets_in_headers(headers));
  std::map<std::string, std::string> values;
  for (const std::string& name : names) {
    OSTLER_TRY(plugin_host::check_secret(name, secrets()));
    OSTLER_TRY(values[name], value_of_secret(name));
  }
  OSTLER_TRY(headers, plugin_host::put_secrets(headers, values));
  return !names.empty();
}

Result<std::string> RecordingServices::value_of_secret(const std::string& secret) {
  const auto variables = environment::variables_of_process();
  const auto found = variables.find(secret);
  if (found == variables.end()) {
    return miss("no variable " + secret + ": give it the value of the secret");
  }
  OSTLER_TRY(hide(secret, found->second));
  return found->second;
}

Result<void> RecordingServices::hide(const std::string& name, const std::string& value) {
  if (value.size() < environment::kShortestRedactedValue) {
    return miss("the value of " + name +
                " has less than 6 bytes: it cannot be taken out of a record");
  }
  recorder_.hide(name, value);
  return success();
}

Error RecordingServices::miss(std::string why) {
  Error missing(Errc::Denied, std::move(why));
  if (!missing_secret_) missing_secret_ = missing;
  return missing;
}

}  // namespace ostler::cli
