// SPDX-License-Identifier: Apache-2.0
#include "cli/case_step_services.hpp"

#include "cli/local_calls.hpp"
#include "model/secret_key.hpp"
#include "plugin_host/http_secrets.hpp"

namespace ostler::cli {

using plugin_host::CallDone;

namespace {

constexpr std::string_view kSecretCalls = "ostler.secret/1/";

/// The one variable of a case: where commands are looked for.
constexpr const char* kSystemPath = "/usr/local/bin:/usr/bin:/bin";

}  // namespace

CaseStepServices::CaseStepServices(const boost::asio::any_io_executor& executor,
                                   plugin_host::JsonValue config, CasePermissions permissions,
                                   LocalRun run)
    : StepServices(std::move(config), {{"PATH", kSystemPath}}),
      permissions_(std::move(permissions)),
      local_(executor, std::move(run)) {}

std::vector<std::string> CaseStepServices::more_ids() const {
  std::vector<std::string> ids = local_.ids();
  if (!permissions_.hosts.empty()) ids.emplace_back("ostler.http/1");
  if (permissions_.has_secrets()) ids.emplace_back("ostler.secret/1");
  return ids;
}

std::vector<std::string> CaseStepServices::secrets() const {
  return permissions_.secrets.value_or(std::vector<std::string>());
}

void CaseStepServices::begin_call(const std::string& method, std::vector<std::string> arguments,
                                  CallDone done, plugin_host::HostCommands& commands) {
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
