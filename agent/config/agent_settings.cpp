// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "config/setting.hpp"
#include "config/token.hpp"
#include "config/values.hpp"
#include "diag/log.hpp"

namespace ostler::config {
namespace {

Result<void> read(std::string_view text, std::string& into) {
  into = text;
  return success();
}
Result<void> read(std::string_view text, std::vector<std::string>& into) {
  into = split_list(text);
  return success();
}
Result<void> read(std::string_view text, bool& into) {
  OSTLER_TRY(into, parse_flag(text));
  return success();
}
Result<void> read(std::string_view text, int& into) {
  OSTLER_TRY(into, parse_number(text));
  return success();
}
Result<void> read(std::string_view text, std::chrono::milliseconds& into) {
  OSTLER_TRY(into, parse_duration(text));
  return success();
}
Result<void> read(std::string_view text, std::chrono::seconds& into) {
  OSTLER_TRY(auto number, parse_number(text));
  into = std::chrono::seconds(number);
  return success();
}
Result<void> read(std::string_view text, std::filesystem::path& into) {
  OSTLER_TRY(into, parse_path(text));
  return success();
}
Result<void> read(std::string_view text, Secret& into) {
  OSTLER_TRY(into, resolve_token(text));
  return success();
}

/// Reads the text as the member's type wants it.
template <auto member>
Result<void> into(AgentConfig& config, std::string_view text) {
  return read(text, config.*member);
}

Error not_one_of(std::string_view text, std::string_view choices) {
  return Error(Errc::UserFault,
               "\"" + std::string(text) + "\" is none of: " + std::string(choices));
}

Result<void> read_on_lease_lost(AgentConfig& config, std::string_view text) {
  if (text != "finish" && text != "stop") return not_one_of(text, "finish, stop");
  config.on_lease_lost = text == "stop" ? OnLeaseLost::Stop : OnLeaseLost::Finish;
  return success();
}

Result<void> read_log_level(AgentConfig& config, std::string_view text) {
  diag::Level level;
  if (!diag::parse_level(text, level)) {
    return not_one_of(text, "debug, info, notice, warn, error, fatal");
  }
  config.log_level = text;
  return success();
}

Result<void> read_log_format(AgentConfig& config, std::string_view text) {
  if (text != "text" && text != "json") return not_one_of(text, "text, json");
  config.log_format = text;
  return success();
}

Result<void> read_spawn(AgentConfig& config, std::string_view text) {
  OSTLER_TRY(config.spawn, parse_number(text));
  if (config.spawn >= 1 && config.spawn <= 1000) return success();
  return Error(Errc::UserFault, "\"" + std::string(text) + "\" is not from 1 to 1000");
}

Result<void> read_endpoint(AgentConfig& config, std::string_view text) {
  if (!text.starts_with("http://") && !text.starts_with("https://")) {
    return Error(
        Errc::UserFault,
        "\"" + std::string(text) + "\" is no URL; give it as http://HOST[:PORT]/v3 or https://...");
  }
  config.endpoint = text;
  return success();
}

Result<void> read_cancel_signal(AgentConfig& config, std::string_view text) {
  constexpr std::string_view kChoices =
      "SIGHUP, SIGINT, SIGQUIT, SIGKILL, SIGUSR1, SIGUSR2, SIGTERM";
  std::string name(text);
  for (char& c : name) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  const std::string list = ", " + std::string(kChoices) + ",";
  if (name.find(',') != std::string::npos || list.find(" " + name + ",") == std::string::npos) {
    return not_one_of(text, kChoices);
  }
  config.cancel_signal = std::move(name);
  return success();
}

using C = AgentConfig;
constexpr auto kSettings = std::to_array<Setting>({
    {"config", "BUILDKITE_AGENT_CONFIG", Kind::Path, "",
     "configuration file; default: the first buildkite-agent.cfg beside the program, in "
     "~/.buildkite-agent, /usr/local/etc/buildkite-agent or /etc/buildkite-agent",
     into<&C::config>},
    {"token", "BUILDKITE_AGENT_TOKEN", Kind::Text, "",
     "registration token, or file://PATH or fd://N to read it from (required)", into<&C::token>},
    {"endpoint", "BUILDKITE_AGENT_ENDPOINT", Kind::Text, "https://agent-edge.buildkite.com/v3",
     "base URL of the Agent API", read_endpoint},
    {"name", "BUILDKITE_AGENT_NAME", Kind::Text, "%hostname-%spawn",
     "name; %spawn is the slot's number, the server fills in %hostname, %random and %pid",
     into<&C::name>},
    {"priority", "BUILDKITE_AGENT_PRIORITY", Kind::Text, "",
     "dispatch priority, a number; agents with a higher one get jobs first", into<&C::priority>},
    {"spawn", "BUILDKITE_AGENT_SPAWN", Kind::Number, "1", "how many jobs may run at once",
     read_spawn},
    {"queue", "BUILDKITE_AGENT_QUEUE", Kind::Text, "",
     "queue to take jobs from; the same as the tag queue=NAME", into<&C::queue>},
    {"tags", "BUILDKITE_AGENT_TAGS", Kind::List, "",
     "tags that jobs may ask for, each key=value or a word", into<&C::tags>},
    {"build-path", "BUILDKITE_BUILD_PATH", Kind::Path, "", "directory for checkouts (required)",
     into<&C::build_path>},
    {"state-path", "OSTLER_AGENT_STATE_PATH", Kind::Path, "",
     "directory for what must outlive the agent: sessions and the jobs' journals; of one agent "
     "only, on a local file system; default: $XDG_STATE_HOME/ostler/agent, which is "
     "~/.local/state/ostler/agent where that variable is not set",
     into<&C::state_path>},
    {"sockets-path", "BUILDKITE_SOCKETS_PATH", Kind::Path, "",
     "directory for sockets; default: in state-path where names stay short enough, else in "
     "XDG_RUNTIME_DIR or /tmp",
     into<&C::sockets_path>},
    {"git-mirrors-path", "BUILDKITE_GIT_MIRRORS_PATH", Kind::Path, "",
     "directory for repository mirrors that checkouts share; default: none",
     into<&C::git_mirrors_path>},
    {"shell", "BUILDKITE_SHELL", Kind::Text, "",
     "shell that runs commands; default: /bin/bash -e -c", into<&C::shell>},
    {"no-pty", "BUILDKITE_NO_PTY", Kind::Flag, "false",
     "run commands with a pipe instead of a pseudo terminal", into<&C::no_pty>},
    {"skip-checkout", "BUILDKITE_SKIP_CHECKOUT", Kind::Flag, "false",
     "run commands without checking anything out", into<&C::skip_checkout>},
    {"redacted-vars", "BUILDKITE_REDACTED_VARS", Kind::List, "",
     "names (globs) of variables whose values never reach a log; default: *_PASSWORD, *_SECRET, "
     "*_TOKEN, *_PRIVATE_KEY, *_SSH_KEY, *_ACCESS_KEY, *_SECRET_KEY, *_CONNECTION_STRING, "
     "*_API_KEY",
     into<&C::redacted_vars>},
    {"cancel-signal", "BUILDKITE_CANCEL_SIGNAL", Kind::Text, "SIGTERM",
     "signal that tells a cancelled command to end", read_cancel_signal},
    {"cancel-signal-timeout", "BUILDKITE_CANCEL_SIGNAL_TIMEOUT", Kind::Duration, "10s",
     "how long a cancelled command may take before it is killed", into<&C::cancel_signal_timeout>},
    {"cancel-cleanup-timeout", "BUILDKITE_CANCEL_CLEANUP_TIMEOUT", Kind::Duration, "5s",
     "how much longer reports may take when the agent is forced to stop",
     into<&C::cancel_cleanup_timeout>},
    {"disconnect-after-job", "BUILDKITE_AGENT_DISCONNECT_AFTER_JOB", Kind::Flag, "false",
     "end each slot after its first job", into<&C::disconnect_after_job>},
    {"disconnect-after-idle-timeout", "BUILDKITE_AGENT_DISCONNECT_AFTER_IDLE_TIMEOUT", Kind::Number,
     "0", "end when every slot has been idle for so many seconds; 0: never",
     into<&C::disconnect_after_idle_timeout>},
    {"max-undelivered", "OSTLER_AGENT_MAX_UNDELIVERED", Kind::Number, "4",
     "how many finished jobs of a slot may wait for the server before the slot takes no more",
     into<&C::max_undelivered>},
    {"on-lease-lost", "OSTLER_AGENT_ON_LEASE_LOST", Kind::Text, "finish",
     "what becomes of a job whose server was out of reach longer than its lease: finish or stop",
     read_on_lease_lost},
    {"log-level", "BUILDKITE_AGENT_LOG_LEVEL", Kind::Text, "notice",
     "debug, info, notice, warn, error or fatal", read_log_level},
    {"log-format", "BUILDKITE_LOG_FORMAT", Kind::Text, "text", "text or json", read_log_format},
    {"no-color", "BUILDKITE_AGENT_NO_COLOR", Kind::Flag, "false", "no colours in the agent's log",
     into<&C::no_color>},
    {"debug", "BUILDKITE_AGENT_DEBUG", Kind::Flag, "false", "the same as log-level debug",
     into<&C::debug>},
});

}  // namespace

std::span<const Setting> agent_settings() { return kSettings; }

}  // namespace ostler::config
