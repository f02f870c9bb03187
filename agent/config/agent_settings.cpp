// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "config/setting.hpp"
#include "config/setting_readers.hpp"

namespace ostler::config {
namespace {

using C = AgentConfig;
constexpr auto kSettings = std::to_array<Setting>({
    {"config", "BUILDKITE_AGENT_CONFIG", Kind::Path, "",
     "configuration file; default: the first buildkite-agent.cfg beside the program, in "
     "~/.buildkite-agent, /usr/local/etc/buildkite-agent or /etc/buildkite-agent",
     into<&C::config>},
    {"token", "BUILDKITE_AGENT_TOKEN", Kind::Text, "",
     "registration token, or file://PATH or fd://N to read it from (required)", into<&C::token>},
    {"endpoint", "BUILDKITE_AGENT_ENDPOINT", Kind::Text, "https://agent-edge.buildkite.com/v3",
     "base URL of the Agent API, or unix:PATH of a socket that serves it below /v3", read_endpoint},
    {"follow-endpoint", "OSTLER_AGENT_FOLLOW_ENDPOINT", Kind::Flag, "false",
     "the server has moved to endpoint: sessions and jobs in state-path that began at another "
     "address go on there",
     into<&C::follow_endpoint>},
    {"name", "BUILDKITE_AGENT_NAME", Kind::Text, "%hostname-%spawn",
     "name; %spawn is the slot's number, the server fills in %hostname, %random and %pid",
     into<&C::name>},
    {"priority", "BUILDKITE_AGENT_PRIORITY", Kind::Text, "",
     "dispatch priority, a number; agents with a higher one get jobs first", read_priority},
    {"spawn", "BUILDKITE_AGENT_SPAWN", Kind::Number, "1", "how many jobs may run at once",
     read_spawn},
    {"spawn-per-cpu", "BUILDKITE_AGENT_SPAWN_PER_CPU", Kind::Number, "0",
     "how many jobs may run at once for each processor; 0: as spawn says", read_spawn_per_cpu},
    {"spawn-with-priority", "BUILDKITE_AGENT_SPAWN_WITH_PRIORITY", Kind::Text, "static",
     "priorities of the slots: static (each has priority), ascending (1, 2, ...) or descending "
     "(-1, -2, ...)",
     read_spawn_with_priority},
    {"queue", "BUILDKITE_AGENT_QUEUE", Kind::Text, "",
     "queue to take jobs from; the same as the tag queue=NAME", into<&C::queue>},
    {"tags", "BUILDKITE_AGENT_TAGS", Kind::List, "",
     "tags that jobs may ask for, each key=value or a word", into<&C::tags>},
    {"tags-from-host", "BUILDKITE_AGENT_TAGS_FROM_HOST", Kind::Flag, "false",
     "adds the tags hostname, os, arch and machine-id", into<&C::tags_from_host>},
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
    {"git-mirrors-lock-timeout", "BUILDKITE_GIT_MIRRORS_LOCK_TIMEOUT", Kind::Number, "300",
     "how many seconds a checkout waits for another one's update of a mirror",
     into<&C::git_mirrors_lock_timeout>},
    {"git-mirrors-skip-update", "BUILDKITE_GIT_MIRRORS_SKIP_UPDATE", Kind::Flag, "false",
     "never update a mirror", into<&C::git_mirrors_skip_update>},
    {"hooks-path", "BUILDKITE_HOOKS_PATH", Kind::Path, "",
     "directory of the agent's hooks; hooks are not supported yet, so it may hold none (files "
     "that end in .sample are none)",
     into<&C::hooks_path>},
    {"additional-hooks-paths", "BUILDKITE_ADDITIONAL_HOOKS_PATHS", Kind::List, "",
     "more such directories", read_additional_hooks_paths},
    {"shell", "BUILDKITE_SHELL", Kind::Text, "",
     "shell that runs commands; default: /bin/bash -e -c", into<&C::shell>},
    {"no-pty", "BUILDKITE_NO_PTY", Kind::Flag, "false",
     "run commands with a pipe instead of a pseudo terminal", into<&C::no_pty>},
    {"no-command-eval", "BUILDKITE_NO_COMMAND_EVAL", Kind::Flag, "false",
     "run only scripts that the repository holds, and no plugins", into<&C::no_command_eval>},
    {"no-plugins", "BUILDKITE_NO_PLUGINS", Kind::Flag, "false", "refuse jobs with plugins",
     into<&C::no_plugins>},
    {"no-local-hooks", "BUILDKITE_NO_LOCAL_HOOKS", Kind::Flag, "false",
     "refuse jobs whose repository has hooks, and jobs with plugins", into<&C::no_local_hooks>},
    {"plugin-store", "OSTLER_PLUGIN_STORE", Kind::Path, "",
     "directory of the step plugins that jobs can use, where `ostler plugin install` puts them; "
     "default: plugins in state-path",
     into<&C::plugin_store>},
    {"plugin-files", "OSTLER_PLUGIN_FILES", Kind::Path, "",
     "directory of what step plugins keep on this host for later jobs of their pipeline, where "
     "their "
     "manifest asks for it; default: plugin-files in state-path",
     into<&C::plugin_files>},
    {"plugin-allow", "OSTLER_PLUGIN_ALLOW", Kind::List, "",
     "step plugins that jobs may use, each ID or ID#VERSION (1 means every 1.x; in a configuration "
     "file, where # begins a comment, ID@VERSION); default: all that are installed, or fetched",
     read_plugin_allow},
    {"plugin-names", "OSTLER_PLUGIN_NAMES", Kind::List, "",
     "names that mean step plugins where a pipeline writes them without ostler://",
     into<&C::plugin_names>},
    {"plugin-services", "OSTLER_PLUGIN_SERVICES", Kind::List, "",
     "ids of the step plugins that may start services, programs which go on after their job and "
     "this agent (`ostler service list`); default: none",
     into<&C::plugin_services>},
    {"plugin-secrets-put", "OSTLER_PLUGIN_SECRETS_PUT", Kind::List, "",
     "ids of the step plugins that may set those secrets of the hub which their manifest names; "
     "default: none",
     into<&C::plugin_secrets_put>},
    {"plugin-require-pinned", "OSTLER_PLUGIN_REQUIRE_PINNED", Kind::Flag, "false",
     "run only step plugins that plugins.lock in the repository names",
     into<&C::plugin_require_pinned>},
    {"plugin-require-signed", "OSTLER_PLUGIN_REQUIRE_SIGNED", Kind::Flag, "false",
     "run only step plugins that carry a signature by one of plugin-publisher-keys",
     into<&C::plugin_require_signed>},
    {"plugin-system-paths", "OSTLER_PLUGIN_SYSTEM_PATHS", Kind::List, "",
     "absolute paths that programs of step plugins with the profile workspace may read and "
     "execute, "
     "beside those of every system",
     read_plugin_system_paths},
    {"plugin-unconfined-commands", "OSTLER_PLUGIN_UNCONFINED_COMMANDS", Kind::Flag, "false",
     "let programs of the profile workspace run as a hook does where the kernel has no Landlock; "
     "else such plugins are refused there",
     into<&C::plugin_unconfined_commands>},
    {"no-plugin-fetch", "OSTLER_NO_PLUGIN_FETCH", Kind::Flag, "false",
     "run only step plugins that are in plugin-store already; else those that plugins.lock names "
     "come from the hub when they are missing",
     into<&C::no_plugin_fetch>},
    {"plugin-publisher-keys", "OSTLER_PLUGIN_PUBLISHER_KEYS", Kind::List, "",
     "public keys of those whose step plugins jobs may use, each the path of a PEM file (`openssl "
     "pkey -in KEY -pubout`) or ed25519:BASE64",
     read_publisher_keys},
    {"skip-checkout", "BUILDKITE_SKIP_CHECKOUT", Kind::Flag, "false",
     "run commands without checking anything out", into<&C::skip_checkout>},
    {"checkout-attempts", "BUILDKITE_CHECKOUT_ATTEMPTS", Kind::Number, "6",
     "how often a checkout is tried", into<&C::checkout_attempts>},
    {"git-checkout-timeout", "BUILDKITE_GIT_CHECKOUT_TIMEOUT", Kind::Number, "0",
     "how many seconds one attempt may take; 0: no limit", into<&C::git_checkout_timeout>},
    {"git-clean-flags", "BUILDKITE_GIT_CLEAN_FLAGS", Kind::Text, "-ffxdq",
     "what is removed from a checkout before it is used again, as flags of git clean",
     into<&C::git_clean_flags>},
    {"git-commit-verification", "BUILDKITE_GIT_COMMIT_VERIFICATION", Kind::Text, "strict",
     "whether a job's commit must be on its branch: strict or off", read_git_commit_verification},
    {"no-git-submodules", "BUILDKITE_NO_GIT_SUBMODULES", Kind::Flag, "false",
     "leave submodules alone", into<&C::no_git_submodules>, "BUILDKITE_DISABLE_GIT_SUBMODULES"},
    {"no-ssh-keyscan", "BUILDKITE_NO_SSH_KEYSCAN", Kind::Flag, "false",
     "let ssh connect to known hosts only; else it also trusts one that it has never seen",
     into<&C::no_ssh_keyscan>},
    {"artifact-upload-concurrency", "BUILDKITE_ARTIFACT_UPLOAD_CONCURRENCY", Kind::Number, "0",
     "how many files of a job are uploaded at once; 0: one for each processor",
     into<&C::artifact_upload_concurrency>},
    {"no-multipart-artifact-upload", "BUILDKITE_NO_MULTIPART_ARTIFACT_UPLOAD", Kind::Flag, "false",
     "upload each file in one piece", into<&C::no_multipart_artifact_upload>},
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
    {"acquire-job", "BUILDKITE_AGENT_ACQUIRE_JOB", Kind::Text, "",
     "id of one job to run, whatever its queue and tags; the agent ends after it",
     into<&C::acquire_job>},
    {"reflect-exit-status", "BUILDKITE_AGENT_REFLECT_EXIT_STATUS", Kind::Flag, "false",
     "with acquire-job: end with the job's exit status", into<&C::reflect_exit_status>},
    {"disconnect-after-job", "BUILDKITE_AGENT_DISCONNECT_AFTER_JOB", Kind::Flag, "false",
     "end each slot after its first job", into<&C::disconnect_after_job>},
    {"disconnect-after-idle-timeout", "BUILDKITE_AGENT_DISCONNECT_AFTER_IDLE_TIMEOUT", Kind::Number,
     "0",
     "end when every slot has been idle for so many seconds; a paused one is not idle; 0: never",
     into<&C::disconnect_after_idle_timeout>},
    {"disconnect-after-uptime", "BUILDKITE_AGENT_DISCONNECT_AFTER_UPTIME", Kind::Number, "0",
     "end each slot after so many seconds, once it has no job and is not paused; 0: never",
     into<&C::disconnect_after_uptime>},
    {"ping-mode", "BUILDKITE_AGENT_PING_MODE", Kind::Text, "auto",
     "how to ask for jobs: auto (over a stream where the server has one, else by polling), "
     "stream-only or poll-only (also spelled ping-only)",
     read_ping_mode},
    {"no-http2", "BUILDKITE_NO_HTTP2", Kind::Flag, "false", "speak HTTP/1.1 only",
     into<&C::no_http2>},
    {"no-feature-reporting", "BUILDKITE_AGENT_NO_FEATURE_REPORTING", Kind::Flag, "false",
     "do not tell the server which features are in use", into<&C::no_feature_reporting>},
    {"max-undelivered", "OSTLER_AGENT_MAX_UNDELIVERED", Kind::Number, "4",
     "how many finished jobs of a slot may wait for the server before the slot takes no more",
     into<&C::max_undelivered>},
    {"on-lease-lost", "OSTLER_AGENT_ON_LEASE_LOST", Kind::Text, "finish",
     "what becomes of a job whose server was out of reach longer than its lease: finish or stop",
     read_on_lease_lost},
    {"health-check-addr", "BUILDKITE_AGENT_HEALTH_CHECK_ADDR", Kind::Text, "",
     "address and port of an HTTP server that tells how the agent fares: /, /agent/SLOT, /status, "
     "/status.json and /metrics; default: none",
     into<&C::health_check_addr>},
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
