// SPDX-License-Identifier: Apache-2.0
#include "cli/case_step_services.hpp"

#include "cli/local_calls.hpp"
#include "model/secret_key.hpp"
#include "plugin_host/http_secrets.hpp"
#include "plugin_host/lock_call.hpp"

namespace ostler::cli {

using plugin_host::CallDone;

namespace {

constexpr std::string_view kSecretCalls = "ostler.secret/1/";

constexpr std::string_view kMetaDataCalls = "ostler.meta-data/1/";

/// The one variable that every case has: where commands are looked for.
constexpr const char* kSystemPath = "/usr/local/bin:/usr/bin:/bin";

environment::Variables variables_of_case(const std::optional<CaseJob>& job) {
  environment::Variables variables = {{"PATH", kSystemPath}};
  if (!job) return variables;
  for (const auto& [name, value] : job->variables) variables.insert_or_assign(name, value);
  return variables;
}

}  // namespace

CaseStepServices::CaseStepServices(const boost::asio::any_io_executor& executor,
                                   plugin_host::JsonValue config, CasePermissions permissions,
                                   LocalRun run, std::optional<CaseJob> job)
    : StepServices(std::move(config), variables_of_case(job)),
      permissions_(std::move(permissions)),
      tell_(run.tell),
      build_(std::move(job), run.tell),
      local_(executor, std::move(run)) {}

std::vector<std::string> CaseStepServices::more_ids() const {
  std::vector<std::string> ids = local_.ids();
  if (!permissions_.hosts.empty()) ids.emplace_back("ostler.http/1");
  if (permissions_.has_secrets()) ids.emplace_back("ostler.secret/1");
  if (build_.is_given() && local_.has("meta-data")) ids.emplace_back("ostler.meta-data/1");
  return ids;
}

bool CaseStepServices::is_call_on_build(std::string_view method) const {
  const bool may = !method.starts_with(kMetaDataCalls) || local_.has("meta-data");
  return may && build_.is_call(method);
}

/// Time that passes here is not the plugin's: the end of a bounded wait comes at once, that of one
/// without a bound with the time of the case.
void CaseStepServices::wait_for_other(const std::vector<std::string>& arguments,
                                      const CallDone& done) {
  const auto call = plugin_host::read_lock_call("ostler.lock/1/acquire", arguments);
  if (!call) return done(call.error());
  const std::string& name = call.value().name;
  tell_("waits for the lock " + name + ", held by another job");
  if (call.value().longest == plugin_host::kWaitForEver) return;
  done(Error(Errc::Timeout, "did not get the lock " + name + ", held by another job"));
}

std::vector<std::string> CaseStepServices::secrets() const {
  return permissions_.secrets.value_or(std::vector<std::string>());
}

void CaseStepServices::begin_call(const std::string& method, std::vector<std::string> arguments,
                                  CallDone done, plugin_host::HostCommands& commands) {
  const bool is_acquire = method == "ostler.lock/1/acquire" && local_.has("lock");
  if (is_acquire && !arguments.empty() && build_.holds_lock(arguments[0])) {
    return wait_for_other(arguments, done);
  }
  if (is_call_on_build(method)) return done(build_.answer(method, arguments));
  if (local_.is_call(method)) return local_.begin(method, arguments, std::move(done), commands);
  if (method.starts_with(kHttpCalls) && !permissions_.hosts.empty()) {
    return begin_http(method.substr(kHttpCalls.size()), std::move(arguments), std::move(done));
  }
  if (method.starts_with(kSecretCalls) && permissions_.has_secrets()) {
    return done(answer_secret(method.substr(kSecretCalls.size()), arguments));
  }
  StepServices::begin_call(method, std::move(arguments), std::move(done), commands);
}

Result<std::string> CaseStepServices::answer_secret(std::string_view what,
                                                    const std::vector<std::string>& arguments) {
  if (what == "put" && arguments.size() == 2) return put_secret(arguments[0], arguments[1]);
  if ((what != "get" && what != "protect") || arguments.size() != 1) {
    return Error(Errc::UserFault, "secret has get, protect and put, with one argument or two");
  }
  if (what == "protect") return std::string();
  OSTLER_TRY(plugin_host::check_secret(arguments[0], secrets()));
  return value_of_secret(arguments[0]);
}

Result<std::string> CaseStepServices::put_secret(const std::string& name,
                                                 const std::string& value) {
  OSTLER_TRY(plugin_host::check_secret_put(name, permissions_.puts));
  OSTLER_TRY(model::check_secret_value(value));
  OSTLER_TRY(secret_set(name, value));
  return std::string();
}

std::vector<std::string> CaseStepServices::command_environment(
    plugin_host::CommandProfile profile) const {
  auto entries = StepServices::command_environment(profile);
  for (auto& entry : local_.listeners().variables()) entries.push_back(std::move(entry));
  return entries;
}

}  // namespace ostler::cli
