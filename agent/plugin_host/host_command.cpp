// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/host_command.hpp"

#include <algorithm>
#include <charconv>

#include "plugin_host/json_value.hpp"

namespace ostler::plugin_host {
namespace {

using Type = JsonValue::Type;

constexpr std::chrono::hours kLongestCommand{24 * 365};

bool is_argument(const JsonValue& value) {
  return value.type == Type::String && value.text.find('\0') == std::string::npos;
}

Result<std::vector<std::string>> read_arguments(const JsonValue& value) {
  const bool fits = value.type == Type::Array && !value.items.empty() &&
                    std::ranges::all_of(value.items, is_argument) &&
                    !value.items.front().text.empty();
  if (!fits) {
    return Error(Errc::UserFault,
                 "the arguments of a command are a list of texts without NUL, the program first");
  }
  std::vector<std::string> words;
  for (const JsonValue& item : value.items) words.push_back(item.text);
  return words;
}

Result<std::chrono::nanoseconds> read_time_limit(const JsonValue& value) {
  std::int64_t number = -1;
  const char* end = value.text.data() + value.text.size();
  const auto read = std::from_chars(value.text.data(), end, number);
  if (value.type != Type::Number || read.ec != std::errc() || read.ptr != end || number < 0) {
    return Error(Errc::UserFault, "the time limit of a command is a whole number from 0");
  }
  return std::min<std::chrono::nanoseconds>(std::chrono::nanoseconds(number), kLongestCommand);
}

Result<void> read_option(const std::string& name, const JsonValue& value, HostCommand& command) {
  if (name == "arguments") {
    OSTLER_TRY(command.arguments, read_arguments(value));
  } else if (name == "time_limit_ns") {
    OSTLER_TRY(command.time_limit, read_time_limit(value));
  } else if (name == "capture" && value.type == Type::Boolean) {
    command.is_captured = value.text == "true";
  } else {
    return Error(Errc::UserFault, "a command has no such option, or not of that type: " + name);
  }
  return success();
}

}  // namespace

Result<HostCommand> read_host_command(const std::string& options, std::string input) {
  auto read = parse_json(options);
  if (!read) return std::move(read).error().with_context("the options of a command");
  HostCommand command;
  command.input = std::move(input);
  for (const auto& [name, value] : read.value().members) {
    OSTLER_TRY(read_option(name, value, command));
  }
  if (command.arguments.empty()) return Error(Errc::UserFault, "a command without arguments");
  return command;
}

std::string encode_command_end(const HostCommandEnd& end) {
  const auto* exited = std::get_if<process::Exited>(&end.status);
  const auto* signalled = std::get_if<process::Signalled>(&end.status);
  return std::to_string(exited == nullptr ? -1 : exited->code) + " " +
         std::to_string(signalled == nullptr ? 0 : signalled->signal) +
         (end.is_truncated ? " 1\n" : " 0\n") + end.output;
}

}  // namespace ostler::plugin_host
