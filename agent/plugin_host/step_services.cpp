// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/step_services.hpp"

#include <algorithm>
#include <charconv>

#include "plugin_host/exact_number.hpp"
#include "plugin_host/refused_variables.hpp"

namespace ostler::plugin_host {
namespace {

using Type = JsonValue::Type;

constexpr std::string_view kResultName = "result";
constexpr std::size_t kMostOutputs = 256;
constexpr std::size_t kLongestOutput = 64 << 10;
constexpr std::size_t kLongestName = 64;
constexpr std::size_t kLongestVariable = 128 << 10;  // what execve takes
constexpr std::int64_t kMostAdded = 1 << 20;  // bytes of variables; execve takes 2 MiB in all

std::string place_of(const std::string& pointer) {
  return pointer.empty() ? "the configuration" : pointer;
}

Error of_another_type(const std::string& pointer, std::string_view wanted) {
  return Error(Errc::UserFault, place_of(pointer) + " is no " + std::string(wanted));
}

Result<std::string> boolean_at(const JsonValue& value, const std::string& pointer) {
  if (value.type != Type::Boolean) return of_another_type(pointer, "boolean");
  return std::string(value.text == "true" ? "1" : "0");
}

Result<std::string> integer_at(const JsonValue& value, const std::string& pointer) {
  const auto number = value.type == Type::Number ? ExactNumber(value.text).as_int64()
                                                 : std::optional<std::int64_t>();
  if (!number) return of_another_type(pointer, "whole number of 64 bits");
  return std::to_string(*number);
}

Result<std::string> text_at(const JsonValue& value, const std::string& pointer) {
  const bool has_text =
      value.type == Type::String || value.type == Type::Number || value.type == Type::Boolean;
  if (!has_text) return of_another_type(pointer, "string, number or boolean");
  return value.text;
}

Result<std::string> count_at(const JsonValue& value, const std::string& pointer) {
  if (value.type == Type::Array) return std::to_string(value.items.size());
  if (value.type == Type::Object) return std::to_string(value.members.size());
  return of_another_type(pointer, "array or object");
}

Result<std::string> type_at(const JsonValue& value, const std::string&) {
  return std::to_string(static_cast<int>(value.type));
}

Result<std::string> json_at(const JsonValue& value, const std::string&) {
  return canonical_json(value);
}

using Reader = Result<std::string> (*)(const JsonValue& value, const std::string& pointer);
constexpr std::pair<std::string_view, Reader> kReaders[] = {
    {"ostler.config/1/type", type_at},       {"ostler.config/1/boolean", boolean_at},
    {"ostler.config/1/integer", integer_at}, {"ostler.config/1/text", text_at},
    {"ostler.config/1/json", json_at},       {"ostler.config/1/count", count_at}};

/// The line of a manifest that asks for the service of a call.
std::string permission_line(std::string_view method) {
  constexpr std::string_view kPrefix = "ostler.";
  if (method.starts_with(kPrefix)) method.remove_prefix(kPrefix.size());
  const std::string service(method.substr(0, method.find('/')));
  if (service == "command") return "\"permissions\": {\"commands\": \"workspace\"}, or \"host\"";
  if (method == "secret/1/put") return "\"permissions\": {\"secrets_put\": [\"NAME\"]}";
  if (service == "secret") return "\"permissions\": {\"secrets\": [\"NAME\"]}";
  if (service == "http") return "\"permissions\": {\"http\": [\"HOST\"]}";
  return "\"permissions\": {\"services\": [\"" + service + "\"]}";
}

Error no_such_call(std::string_view method) {
  return Error(Errc::NotFound, "no call " + std::string(method) +
                                   ": this host does not have it, or plugin.json does not ask for "
                                   "its service: " +
                                   permission_line(method));
}

constexpr std::string_view kCallsOnServer[] = {"ostler.job/1/outcome", "ostler.output/1/get"};

bool is_output_name(const std::string& name) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  };
  return !name.empty() && name.size() <= kLongestName && name.front() >= 'a' &&
         name.front() <= 'z' && std::ranges::all_of(name, fits);
}

bool is_variable_name(const std::string& name) {
  return !name.empty() && name.find('=') == name.npos && name.find('\0') == name.npos;
}

}  // namespace

std::vector<std::string> StepServices::ids() {
  return {"ostler.log/1",    "ostler.progress/1", "ostler.cancel/1",      "ostler.clock/1",
          "ostler.config/1", "ostler.job/1",      "ostler.environment/1", "ostler.output/1"};
}

bool StepServices::is_call_on_server(std::string_view method) {
  return std::ranges::find(kCallsOnServer, method) != std::end(kCallsOnServer);
}

std::vector<std::string> StepServices::command_environment(CommandProfile) const {
  std::vector<std::string> entries;
  for (const auto& [name, value] : environment_) entries.push_back(name + "=" + value);
  return entries;
}

Result<std::string> StepServices::answer(std::string_view method, const std::string& first,
                                         const std::string& second) {
  for (const auto& [name, read] : kReaders) {
    if (method != name) continue;
    OSTLER_TRY(const JsonValue* value, at_pointer(config_, first));
    return read(*value, first);
  }
  if (method == "ostler.config/1/key") return config_key(first, second);
  if (method == "ostler.environment/1/get") return get_variable(first);
  if (method == "ostler.environment/1/set") return set_variable(first, second);
  if (method == "ostler.output/1/set") return set_output(first, second);
  return no_such_call(method);
}

void StepServices::begin_call(const std::string& method, std::vector<std::string>, CallDone done,
                              HostCommands&) {
  if (!is_call_on_server(method)) return done(no_such_call(method));
  done(Error(Errc::Unavailable,
             "this run is outside any build, which has no other steps: " + method));
}

Result<std::string> StepServices::config_key(const std::string& pointer,
                                             const std::string& index) const {
  OSTLER_TRY(const JsonValue* value, at_pointer(config_, pointer));
  if (value->type != Type::Object) return of_another_type(pointer, "object");
  std::size_t place = 0;
  const auto read = std::from_chars(index.data(), index.data() + index.size(), place);
  if (read.ec != std::errc() || place >= value->members.size()) {
    return Error(Errc::NotFound, place_of(pointer) + " has no member number " + index);
  }
  return value->members[place].first;
}

Result<std::string> StepServices::get_variable(const std::string& name) const {
  const auto found = environment_.find(name);
  if (found == environment_.end()) return Error(Errc::NotFound, "the variable is not set: " + name);
  return found->second;
}

Result<std::string> StepServices::set_variable(const std::string& name, const std::string& value) {
  if (!is_variable_name(name) || value.find('\0') != value.npos) {
    return Error(Errc::UserFault, "no name or value of a variable: " + name);
  }
  if (name.size() + value.size() > kLongestVariable) {
    return Error(Errc::UserFault, "the variable is longer than 128 KiB: " + name);
  }
  if (const RefusedVariable* refused = refusal_of(name)) {
    return Error(Errc::Denied, "a step plugin may not set " + name + ": " +
                                   std::string(refused->reason) +
                                   "; set another name and let the command use it, or set it in "
                                   "the pipeline");
  }
  const auto known = environment_.find(name);
  const bool replaces = known != environment_.end() && !is_kept_for_good(name);
  const auto former = replaces ? std::ssize(name) + std::ssize(known->second) : 0;
  const auto added = added_ - former + std::ssize(name) + std::ssize(value);
  if (added > kMostAdded) {
    return Error(Errc::UserFault, "the variables that the step sets are more than 1 MiB: " + name);
  }
  added_ = added;
  environment_.insert_or_assign(name, value);
  variable_set(name, value);
  return std::string();
}

Result<std::string> StepServices::set_output(const std::string& name, const std::string& json) {
  if (!is_output_name(name)) {
    return Error(Errc::UserFault,
                 "the name of an output is [a-z][a-z0-9_-]*, at most 64 bytes: " + name);
  }
  if (name == kResultName) {
    return Error(Errc::UserFault,
                 "the output result is the step's own result; choose another name");
  }
  auto value = parse_json(json, {.size = kLongestOutput});
  if (!value) return std::move(value).error().with_context("output " + name);
  if (outputs_.size() == kMostOutputs && !outputs_.contains(name)) {
    return Error(Errc::UserFault, "more than 256 outputs");
  }
  outputs_.insert_or_assign(name, canonical_json(value.value()));
  return std::string();
}

}  // namespace ostler::plugin_host
