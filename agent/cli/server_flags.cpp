// SPDX-License-Identifier: Apache-2.0
#include "cli/server_flags.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "agent_client/job_socket_transport.hpp"
#include "cli/exit.hpp"

namespace ostler::cli {
namespace {

struct ServerFlag {
  std::string_view flag;
  const char* variable;
};

constexpr std::array<ServerFlag, 2> kFlags = {{
    {"--endpoint", "BUILDKITE_AGENT_ENDPOINT"},
    {"--agent-access-token", "BUILDKITE_AGENT_ACCESS_TOKEN"},
}};

/// "--flag" or "--flag=value".
bool is(std::string_view word, std::string_view flag) {
  return word.starts_with(flag) && (word.size() == flag.size() || word[flag.size()] == '=');
}

Result<void> take(Arguments& arguments, const ServerFlag& flag) {
  const auto at =
      std::ranges::find_if(arguments, [&](const std::string& word) { return is(word, flag.flag); });
  if (at == arguments.end()) return success();
  auto end = at + 1;
  std::string value;
  if (at->size() > flag.flag.size()) {
    value = at->substr(flag.flag.size() + 1);
  } else if (end != arguments.end()) {
    value = *end++;
  }
  if (value.empty()) {
    return Error(Errc::UserFault, std::string(flag.flag) + ": a value must follow");
  }
  ::setenv(flag.variable, value.c_str(), 1);
  arguments.erase(at, end);
  return success();
}

}  // namespace

bool names_a_server(const Arguments& arguments) {
  return std::ranges::any_of(arguments, [](const std::string& word) {
    return std::ranges::any_of(kFlags,
                               [&](const ServerFlag& known) { return is(word, known.flag); });
  });
}

bool speaks_for_a_job(const Arguments& arguments) {
  const char* token = std::getenv("BUILDKITE_AGENT_ACCESS_TOKEN");
  const bool has_token = token != nullptr && *token != '\0';
  if (has_token || agent_client::job_socket_from_environment()) return true;
  return names_a_server(arguments) || speaks_as_the_genuine_agent();
}

Result<void> take_server_flags(Arguments& arguments) {
  for (const ServerFlag& flag : kFlags) {
    OSTLER_TRY(take(arguments, flag));
  }
  return success();
}

}  // namespace ostler::cli
