// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/permissions.hpp"

#include <algorithm>

#include "base/joined.hpp"
#include "base/nearest_word.hpp"
#include "model/secret_key.hpp"
#include "plugin_host/http_permission.hpp"
#include "plugin_host/unknown_keys.hpp"

namespace ostler::plugin_host {
namespace {

using Type = JsonValue::Type;
using Faults = std::vector<std::string>;

const std::vector<std::string_view> kServices = {"annotation", "artifact",  "cache",  "listener",
                                                 "lock",       "meta-data", "metric", "pipeline",
                                                 "report",     "service",   "state"};
constexpr std::size_t kMostNames = 64;

bool is_text(const JsonValue& value) { return value.type == Type::String && !value.text.empty(); }

WorkspaceAccess read_workspace(const std::string& access, Faults& faults) {
  if (access == "read") return WorkspaceAccess::Read;
  if (access == "write") return WorkspaceAccess::Write;
  if (access != "none") {
    faults.push_back("permissions/workspace: must be \"none\", \"read\" or \"write\"");
  }
  return WorkspaceAccess::None;
}

bool read_network(const std::string& network, Faults& faults) {
  if (network != "direct" && network != "none") {
    faults.push_back("permissions/network: must be \"none\" or \"direct\"");
  }
  return network == "direct";
}

bool read_host_directory(const std::string& access, Faults& faults) {
  if (access != "none" && access != "write") {
    faults.push_back("permissions/host_directory: must be \"none\" or \"write\"");
  }
  return access == "write";
}

CommandProfile read_commands(const std::string& profile, Faults& faults) {
  for (const auto known : {CommandProfile::Host, CommandProfile::Workspace, CommandProfile::None}) {
    if (profile == to_string(known)) return known;
  }
  faults.push_back("permissions/commands: must be \"none\", \"workspace\" or \"host\"");
  return CommandProfile::None;
}

std::string_view describe_commands(CommandProfile profile) {
  switch (profile) {
    case CommandProfile::None: return "";
    case CommandProfile::Host: return ", runs commands with all rights of the agent's user";
    case CommandProfile::Workspace:
      return ", runs commands that read and write the workspace and read the system";
  }
  return "";
}

std::vector<std::string> read_services(const JsonValue& list, Faults& faults) {
  std::vector<std::string> services;
  if (list.type != Type::Array) faults.push_back("permissions/services: must be a list of names");
  for (const JsonValue& item : list.items) {
    const bool is_known = std::ranges::find(kServices, item.text) != kServices.end();
    if (is_text(item) && is_known) {
      services.push_back(item.text);
      continue;
    }
    const std::string_view near = nearest_word(item.text, kServices);
    faults.push_back("permissions/services: " + canonical_json(item) + ": no such service" +
                     (near.empty() ? "; there are " + joined(kServices, ", ")
                                   : ", did you mean \"" + std::string(near) + "\"?"));
  }
  return services;
}

void check_pointer(const std::string& pointer, const std::string& key, Faults& faults) {
  const auto names = pointer_names(pointer);
  if (names || pointer.empty()) return;
  faults.push_back("permissions/" + key + ": {\"config\": \"" + pointer +
                   "\"}: " + names.error().message() +
                   (pointer.starts_with('/') ? "" : ", did you mean \"/" + pointer + "\"?"));
}

/// "NAME", or {"config": "/pointer"}.
std::vector<PermittedName> read_names(const JsonValue& list, const std::string& key,
                                      Faults& faults) {
  std::vector<PermittedName> names;
  bool fits = list.type == Type::Array && list.items.size() <= kMostNames;
  for (const JsonValue& item : list.items) {
    const JsonValue* pointer = item.members.size() == 1 ? item.member("config") : nullptr;
    fits = fits && (is_text(item) || (pointer != nullptr && is_text(*pointer)));
    names.push_back(pointer == nullptr ? PermittedName{item.text}
                                       : PermittedName{pointer->text, true});
    if (pointer != nullptr && is_text(*pointer)) check_pointer(pointer->text, key, faults);
  }
  if (!fits) {
    faults.push_back("permissions/" + key +
                     ": must be a list of at most 64 names, each a text, or {\"config\": "
                     "\"/pointer\"} for one that the configuration names");
  }
  return names;
}

std::vector<PermittedName> read_hosts(const JsonValue& list, Faults& faults) {
  auto names = read_names(list, "http", faults);
  for (const PermittedName& name : names) {
    if (name.is_pointer || name.text.empty() || is_http_pattern(name.text)) continue;
    if (name.text == kHubPattern) continue;
    faults.push_back("permissions/http: " + name.text +
                     ": is no host in lower case such as \"api.example.com\", "
                     "\"api.example.com:8443\" or \"*.example.com\", nor \"hub:\"");
  }
  return names;
}

Error no_secret_name(const std::string& name) {
  return {Errc::UserFault, name +
                               ": is no name of a secret: a letter first, then letters, digits and "
                               "underscores, not beginning with buildkite or bk"};
}

std::vector<PermittedName> read_puts(const JsonValue& list, Faults& faults) {
  auto names = read_names(list, "secrets_put", faults);
  for (const PermittedName& name : names) {
    if (name.is_pointer || name.text.empty() || model::is_secret_key(name.text)) continue;
    faults.push_back("permissions/secrets_put: " + no_secret_name(name.text).message());
  }
  return names;
}

Result<std::vector<std::string>> resolved(const std::vector<PermittedName>& permitted,
                                          const std::string& what, const JsonValue& config) {
  std::vector<std::string> names;
  for (const PermittedName& name : permitted) {
    if (!name.is_pointer) {
      names.push_back(name.text);
      continue;
    }
    const auto found = at_pointer(config, name.text);
    if (!found || !is_text(*found.value())) {
      return Error(Errc::UserFault, "plugin.json lets the configuration name a " + what +
                                        ", which has no text at " + name.text);
    }
    names.push_back(found.value()->text);
  }
  return names;
}

std::string shown(const std::vector<PermittedName>& permitted) {
  std::string names;
  for (const PermittedName& name : permitted) {
    names += (names.empty() ? "" : ", ") + name.text;
    if (name.is_pointer) names += " of the configuration";
  }
  return names;
}

}  // namespace

Permissions read_permissions(const JsonValue& value, Faults& faults) {
  refuse_unknown(value,
                 {"commands", "host_directory", "http", "network", "secrets", "secrets_put",
                  "services", "workspace"},
                 "permissions/", faults);
  Permissions permissions;
  if (const auto* access = value.member("workspace")) {
    permissions.workspace = read_workspace(access->text, faults);
  }
  if (const auto* network = value.member("network")) {
    permissions.network = read_network(network->text, faults);
  }
  if (const auto* access = value.member("host_directory")) {
    permissions.host_directory = read_host_directory(access->text, faults);
  }
  if (const auto* profile = value.member("commands")) {
    permissions.commands = read_commands(profile->text, faults);
  }
  if (const auto* services = value.member("services")) {
    permissions.services = read_services(*services, faults);
  }
  if (const auto* secrets = value.member("secrets")) {
    permissions.secrets = read_names(*secrets, "secrets", faults);
  }
  if (const auto* puts = value.member("secrets_put")) {
    permissions.secrets_put = read_puts(*puts, faults);
  }
  if (const auto* hosts = value.member("http")) permissions.hosts = read_hosts(*hosts, faults);
  return permissions;
}

Result<std::vector<std::string>> permitted_secrets(const Permissions& permissions,
                                                   const JsonValue& config) {
  return resolved(permissions.secrets.value_or(std::vector<PermittedName>{}), "secret", config);
}

Result<std::vector<std::string>> permitted_puts(const Permissions& permissions,
                                                const JsonValue& config) {
  OSTLER_TRY(auto names, resolved(permissions.secrets_put, "secret to set", config));
  for (const std::string& name : names) {
    if (!model::is_secret_key(name)) return no_secret_name(name);
  }
  return names;
}

Result<std::vector<std::string>> permitted_hosts(const Permissions& permissions,
                                                 const JsonValue& config) {
  OSTLER_TRY(auto hosts, resolved(permissions.hosts, "host", config));
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    // Its author alone asks for the server of the job, no configuration.
    if (!permissions.hosts[i].is_pointer && hosts[i] == kHubPattern) continue;
    OSTLER_TRY(hosts[i], http_pattern_of(hosts[i]));
  }
  return hosts;
}

std::string describe(const Permissions& permissions) {
  std::string text;
  switch (permissions.workspace) {
    case WorkspaceAccess::None: text = "does not see the workspace"; break;
    case WorkspaceAccess::Read: text = "reads the workspace"; break;
    case WorkspaceAccess::Write: text = "reads and writes the workspace"; break;
  }
  if (permissions.host_directory) {
    text += ", keeps files on this host for later jobs of its pipeline";
  }
  text += permissions.network ? ", any host of the network" : ", no network";
  text += describe_commands(permissions.commands);
  const auto has = [&permissions](std::string_view service) {
    return std::ranges::find(permissions.services, service) != permissions.services.end();
  };
  std::vector<std::string> of_job = permissions.services;
  for (const char* other : {"listener", "service"}) std::erase(of_job, other);
  if (!of_job.empty()) text += ", speaks for the job: " + joined(of_job, ", ");
  if (has("pipeline")) text += " (steps that it adds run any command)";
  if (has("listener")) text += ", listens on this machine";
  if (has("service")) {
    text += ", starts services that outlive the job, with all rights of the agent's user";
  }
  if (!permissions.hosts.empty()) text += ", asks by HTTP: " + shown(permissions.hosts);
  if (permissions.secrets && !permissions.secrets->empty()) {
    text += ", reads secrets: " + shown(*permissions.secrets);
  }
  if (!permissions.secrets_put.empty()) {
    text += ", sets secrets of the hub: " + shown(permissions.secrets_put);
  }
  return text;
}

}  // namespace ostler::plugin_host
