// SPDX-License-Identifier: Apache-2.0
#include "cli/case_services.hpp"

#include "cli/local_calls.hpp"
#include "plugin_host/http_secrets.hpp"

namespace ostler::cli {

using plugin_host::CallDone;

namespace {

Result<std::string> answer_secret(std::string_view what, const std::vector<std::string>& arguments,
                                  const std::vector<std::string>& permitted) {
  OSTLER_TRY(check_secret_call(what, arguments));
  if (what == "protect") return std::string();
  OSTLER_TRY(plugin_host::check_secret(arguments[0], permitted));
  return arguments[0];
}

}  // namespace

std::vector<std::string> service_ids(const CasePermissions& permissions) {
  std::vector<std::string> ids;
  if (!permissions.hosts.empty()) ids.emplace_back("ostler.http/1");
  if (permissions.secrets) ids.emplace_back("ostler.secret/1");
  return ids;
}

CaseServices::CaseServices(plugin_host::JsonValue config, environment::Variables variables,
                           CasePermissions permissions, std::vector<HttpExchange> exchanges,
                           std::function<void(const std::string&)> tell)
    : StepServices(std::move(config), std::move(variables)),
      permissions_(std::move(permissions)),
      http_(std::move(exchanges), permissions_.hosts,
            permissions_.secrets.value_or(std::vector<std::string>()), std::move(tell)) {}

std::vector<std::string> CaseServices::more_ids() const { return service_ids(permissions_); }

void CaseServices::begin_call(const std::string& method, std::vector<std::string> arguments,
                              CallDone done, plugin_host::HostCommands& commands) {
  if (method.starts_with(kHttpCalls) && !permissions_.hosts.empty()) {
    return done(http_.answer(method.substr(kHttpCalls.size()), std::move(arguments)));
  }
  if (method.starts_with(kSecretCalls) && permissions_.secrets) {
    return done(
        answer_secret(method.substr(kSecretCalls.size()), arguments, *permissions_.secrets));
  }
  StepServices::begin_call(method, std::move(arguments), std::move(done), commands);
}

}  // namespace ostler::cli
