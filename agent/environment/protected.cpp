// SPDX-License-Identifier: Apache-2.0
#include "environment/protected.hpp"

#include <algorithm>
#include <array>

namespace ostler::environment {
namespace {

constexpr std::string_view kCredential = "where the agent's credential goes, and what it is";
constexpr std::string_view kIdentity = "facts about the agent's own process";
constexpr std::string_view kMirror = "mirrors are shared by every job of the host";
constexpr std::string_view kProgram = "names a program that the host runs or the place of one";
constexpr std::string_view kPolicy = "the operator's decision on what a job may do";
constexpr std::string_view kPlace = "a directory of the host, outside the job's own";
constexpr std::string_view kPerJob = "one job's wish, which its later phases may revise";

constexpr std::array kTable = {
    Protection{"BUILDKITE_AGENT_ACCESS_TOKEN", false, kCredential},
    Protection{"BUILDKITE_AGENT_DEBUG", false, kIdentity},
    Protection{"BUILDKITE_AGENT_ENDPOINT", false, kCredential},
    Protection{"BUILDKITE_AGENT_JOB_TIMEOUT_FILE", false, kIdentity},
    Protection{"BUILDKITE_AGENT_PID", false, kIdentity},
    Protection{"BUILDKITE_ARTIFACT_PATHS", true, kPerJob},
    Protection{"BUILDKITE_ARTIFACT_UPLOAD_DESTINATION", true, kPerJob},
    Protection{"BUILDKITE_BIN_PATH", false, kProgram},
    Protection{"BUILDKITE_BUILD_PATH", false, kPlace},
    Protection{"BUILDKITE_CHECKOUT_OVERRIDE_MODE", false, kPolicy},
    Protection{"BUILDKITE_COMMAND_EVAL", false, kPolicy},
    Protection{"BUILDKITE_CONFIG_PATH", false, kPlace},
    Protection{"BUILDKITE_CONTAINER_COUNT", false, kIdentity},
    Protection{"BUILDKITE_GIT_CLONE_MIRROR_FLAGS", false, kMirror},
    Protection{"BUILDKITE_GIT_MIRRORS_LOCK_TIMEOUT", false, kMirror},
    Protection{"BUILDKITE_GIT_MIRRORS_PATH", false, kMirror},
    Protection{"BUILDKITE_GIT_MIRRORS_SKIP_UPDATE", false, kMirror},
    Protection{"BUILDKITE_GIT_MIRROR_CHECKOUT_MODE", false, kMirror},
    Protection{"BUILDKITE_GIT_REMOTE_MIRROR_URL", false, kMirror},
    Protection{"BUILDKITE_GIT_SUBMODULE_CLONE_CONFIG", false, kPolicy},
    Protection{"BUILDKITE_HOOKS_PATH", false, kProgram},
    Protection{"BUILDKITE_HOOKS_SHELL", false, kProgram},
    Protection{"BUILDKITE_JOB_CONTEXT_DIR", false, kPlace},
    Protection{"BUILDKITE_KUBERNETES_EXEC", false, kPolicy},
    Protection{"BUILDKITE_LOCAL_HOOKS_ENABLED", false, kPolicy},
    Protection{"BUILDKITE_PLUGINS_ALWAYS_CLONE_FRESH", true, kPerJob},
    Protection{"BUILDKITE_PLUGINS_ENABLED", false, kPolicy},
    Protection{"BUILDKITE_PLUGINS_PATH", false, kPlace},
    Protection{"BUILDKITE_REFSPEC", true, kPerJob},
    Protection{"BUILDKITE_REPO", true, kPerJob},
    Protection{"BUILDKITE_SHELL", false, kProgram},
    Protection{"BUILDKITE_SSH_KEYSCAN", false, kPolicy},
    Protection{"OSTLER_PLUGIN_ALLOW", false, kPolicy},
    Protection{"OSTLER_PLUGIN_FETCH", false, kPolicy},
    Protection{"OSTLER_PLUGIN_FILES", false, kPlace},
    Protection{"OSTLER_PLUGIN_NAMES", false, kPolicy},
    Protection{"OSTLER_PLUGIN_PUBLISHER_KEYS", false, kPolicy},
    Protection{"OSTLER_PLUGIN_REQUIRE_PINNED", false, kPolicy},
    Protection{"OSTLER_PLUGIN_REQUIRE_SIGNED", false, kPolicy},
    Protection{"OSTLER_PLUGIN_SECRETS_PUT", false, kPolicy},
    Protection{"OSTLER_PLUGIN_SERVICES", false, kPolicy},
    Protection{"OSTLER_PLUGIN_STORE", false, kPlace},
    Protection{"OSTLER_PLUGIN_SYSTEM_PATHS", false, kPolicy},
    Protection{"OSTLER_PLUGIN_UNCONFINED_COMMANDS", false, kPolicy},
    Protection{"OSTLER_SERVER_SERVICES", false, kIdentity},
};
static_assert(std::ranges::is_sorted(kTable, {}, &Protection::name));

}  // namespace

std::span<const Protection> protections() { return kTable; }

const Protection* protection_of(std::string_view name) {
  const auto found = std::ranges::lower_bound(kTable, name, {}, &Protection::name);
  return found != kTable.end() && found->name == name ? &*found : nullptr;
}

}  // namespace ostler::environment
