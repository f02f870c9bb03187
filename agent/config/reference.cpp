// SPDX-License-Identifier: Apache-2.0
#include "config/agent_config.hpp"
#include "config/setting.hpp"
#include "config/unsupported_settings.hpp"

namespace ostler::config {
namespace {

std::string_view written_as(Kind kind) {
  switch (kind) {
    case Kind::Text: return "text";
    case Kind::Flag: return "true or false";
    case Kind::Number: return "number";
    case Kind::Duration: return "duration, such as 10s";
    case Kind::List: return "comma list";
    case Kind::Path: return "path";
  }
  return "";
}

std::string row(const Setting& setting) {
  std::string text =
      "| `" + std::string(setting.name) + "` | `" + std::string(setting.variable) + "`";
  if (!setting.other_variable.empty()) text += ", `" + std::string(setting.other_variable) + "`";
  text += " | " + std::string(written_as(setting.kind)) + " | ";
  if (!setting.fallback.empty()) text += "`" + std::string(setting.fallback) + "`";
  return text + " | " + std::string(setting.meaning) + " |\n";
}

std::string row(const UnsupportedSetting& setting) {
  std::string taken = "none";
  if (setting.harmless == "*") {
    taken = "all, without effect";
  } else if (setting.kind == Kind::Flag) {
    taken = "`false`";
  } else if (!setting.harmless.empty()) {
    taken = "`" + std::string(setting.harmless) + "`";
  }
  std::string text = "| `" + std::string(setting.name) + "` | `" + std::string(setting.variable) +
                     "` | " + taken + " |";
  if (!setting.instead.empty()) text += " `" + std::string(setting.instead) + "`";
  return text + " |\n";
}

}  // namespace

std::string agent_settings_reference() {
  std::string text = R"(# `ostler agent start`

Takes jobs from a hub, or from any server of the Buildkite Agent API, and runs them. `ostler start` is the same.

Each setting can be given as a flag (`--name value`), as an environment variable, or as a line `name=value` of the configuration file. The flag wins over the variable, the variable over the file, the file over the default. A flag without a value means `true`. Paths may begin with `~` and hold `$VARIABLES`. What cannot be read is an error that names its place; only keys of the configuration file that no agent knows are passed over, with a warning each.

| setting | variable | written as | default | meaning |
|---|---|---|---|---|
)";
  for (const Setting& setting : agent_settings()) text += row(setting);
  text += R"(
## Settings that are not supported yet

A genuine agent's file or environment can be used as it is: what this agent does not do yet is refused by name, unless the value changes nothing. An empty value always passes.

| setting | variable | values that pass | give instead |
|---|---|---|---|
)";
  for (const auto& setting : unsupported_settings()) text += row(setting);
  text += R"(
## Signals

| signal | effect |
|---|---|
| SIGTERM, SIGINT | no new jobs; running jobs end, are reported, and the agent disconnects |
| the same a second time, SIGQUIT | running jobs are cancelled and reported (`agent_stop`); exit status 1 after cancel-signal-timeout + cancel-cleanup-timeout + 1 s at the latest |
| the same a third time | exit status 1 at once |
| SIGUSR1 | the agent ends at once and its jobs go on; the next agent on the same state-path adopts them |
| SIGHUP | nothing |

A job survives the agent's death, however it comes: its keeper goes on, and the next agent started on the same state-path adopts it and ships what is missing.

## Control groups

Where control groups of version 2 are delegated to the agent, each job has one: at its end the whole group is killed, whatever its processes did to get away. Kills for lack of memory are reported as such where the kernel accounts memory per job. It does that only for groups beside the agent, not below it: `packaging/ostler-agent.service` therefore says `Delegate=yes` and `DelegateSubgroup=agent` (systemd 254). Without accounting such a job is reported as killed by SIGKILL; `--log-level info` says why at the start.

## Exit status

0 after a normal end, 1 after an error (one line on standard error says what to do) or a forced end, 2 when its settings cannot be read (1 under the name `buildkite-agent`).

With `acquire-job`: 27 when the job was taken, over or cancelled before, 28 when it still waited for other jobs after five and a half minutes, and with `reflect-exit-status` the exit status of the job (255 for a job without one).
)";
  return text;
}

}  // namespace ostler::config
