// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/step_plan.hpp"

#include <charconv>

namespace ostler::plugin_host {
namespace {

using Type = JsonValue::Type;

constexpr JsonLimits kPlanLimits{.size = 8u << 20, .depth = 70};  // configurations are within 64

JsonValue text_value(std::string text) { return {.type = Type::String, .text = std::move(text)}; }

JsonValue list_value(const std::vector<std::string>& words) {
  JsonValue list{.type = Type::Array};
  for (const std::string& word : words) list.items.push_back(text_value(word));
  return list;
}

std::string text_of(const JsonValue& object, std::string_view name) {
  const JsonValue* value = object.member(name);
  return value == nullptr ? std::string() : value->text;
}

std::vector<std::string> words_of(const JsonValue& object, std::string_view name) {
  std::vector<std::string> words;
  const JsonValue* list = object.member(name);
  if (list == nullptr) return words;
  for (const JsonValue& word : list->items) words.push_back(word.text);
  return words;
}

JsonValue resource_list(const std::vector<Resource>& resources) {
  JsonValue list{.type = Type::Array};
  for (const Resource& one : resources) {
    list.items.push_back(list_value({one.name, std::to_string(one.size)}));
  }
  return list;
}

Error no_resource() { return Error(Errc::Protocol, "no resource in the plan of a step plugin"); }

Result<Resource> resource_of(const JsonValue& item) {
  if (item.items.size() != 2 || item.items[0].text.empty()) return no_resource();
  const std::string& size = item.items[1].text;
  Resource one{.name = item.items[0].text};
  const char* end = size.data() + size.size();
  const auto read = std::from_chars(size.data(), end, one.size);
  if (read.ec != std::errc() || read.ptr != end) return no_resource();
  return one;
}

Result<std::vector<Resource>> resources_of(const JsonValue& object) {
  std::vector<Resource> resources;
  const JsonValue* list = object.member("resources");
  if (list == nullptr) return resources;
  if (list->type != Type::Array) return no_resource();
  for (const JsonValue& item : list->items) {
    OSTLER_TRY(auto one, resource_of(item));
    resources.push_back(std::move(one));
  }
  return resources;
}

std::string access_name(WorkspaceAccess access) {
  switch (access) {
    case WorkspaceAccess::None: return "none";
    case WorkspaceAccess::Read: return "read";
    case WorkspaceAccess::Write: return "write";
  }
  return "none";
}

WorkspaceAccess workspace_access(const std::string& name) {
  if (name == "write") return WorkspaceAccess::Write;
  return name == "read" ? WorkspaceAccess::Read : WorkspaceAccess::None;
}

CommandProfile command_profile(const std::string& name) {
  if (name == "workspace") return CommandProfile::Workspace;
  return name == "host" ? CommandProfile::Host : CommandProfile::None;
}

JsonValue to_json(const PlannedStep& step) {
  JsonValue object{.type = Type::Object};
  object.add_member("id", text_value(step.id));
  object.add_member("version", text_value(step.version));
  object.add_member("library", text_value(step.library));
  object.add_member("runtime", text_value(step.is_program ? "exec" : "map"));
  object.add_member("interpreter", list_value(step.interpreter));
  object.add_member("libraries", list_value(step.libraries));
  object.add_member("resources", resource_list(step.resources));
  object.add_member("services", list_value(step.services));
  object.add_member("secrets", list_value(step.secrets));
  object.add_member("secrets_put", list_value(step.secrets_put));
  object.add_member("hosts", list_value(step.hosts));
  object.add_member("network", text_value(step.network ? "direct" : "none"));
  object.add_member("commands", text_value(std::string(to_string(step.commands))));
  object.add_member("system_paths", list_value(step.system_paths));
  object.add_member("workspace", text_value(access_name(step.workspace)));
  object.add_member("host_directory", text_value(step.host_directory ? "write" : "none"));
  object.add_member("config", step.config);
  return object;
}

Result<PlannedStep> from_json(const JsonValue& object) {
  OSTLER_TRY(auto resources, resources_of(object));
  PlannedStep step{.id = text_of(object, "id"),
                   .version = text_of(object, "version"),
                   .library = text_of(object, "library"),
                   .is_program = text_of(object, "runtime") == "exec",
                   .interpreter = words_of(object, "interpreter"),
                   .libraries = words_of(object, "libraries"),
                   .resources = std::move(resources),
                   .network = text_of(object, "network") == "direct",
                   .commands = command_profile(text_of(object, "commands")),
                   .system_paths = words_of(object, "system_paths"),
                   .workspace = workspace_access(text_of(object, "workspace")),
                   .host_directory = text_of(object, "host_directory") == "write",
                   .services = words_of(object, "services"),
                   .secrets = words_of(object, "secrets"),
                   .secrets_put = words_of(object, "secrets_put"),
                   .hosts = words_of(object, "hosts"),
                   .config = {}};
  const JsonValue* config = object.member("config");
  if (config == nullptr || step.library.empty() || step.libraries.size() > kMostLibraries) {
    return Error(Errc::Protocol, "no plan of a step plugin");
  }
  step.config = *config;
  return step;
}

}  // namespace

std::string_view to_string(CommandProfile profile) {
  switch (profile) {
    case CommandProfile::None: return "none";
    case CommandProfile::Host: return "host";
    case CommandProfile::Workspace: return "workspace";
  }
  return "none";
}

std::string encode_plan(const std::vector<PlannedStep>& steps) {
  JsonValue list{.type = Type::Array};
  for (const PlannedStep& step : steps) list.items.push_back(to_json(step));
  return canonical_json(list);
}

Result<std::vector<PlannedStep>> decode_plan(std::string_view text) {
  const auto list = parse_json(text, kPlanLimits);
  if (!list || list.value().type != Type::Array) {
    return Error(Errc::Protocol, "no plan of step plugins");
  }
  std::vector<PlannedStep> steps;
  for (const JsonValue& item : list.value().items) {
    OSTLER_TRY(PlannedStep step, from_json(item));
    steps.push_back(std::move(step));
  }
  return steps;
}

}  // namespace ostler::plugin_host
