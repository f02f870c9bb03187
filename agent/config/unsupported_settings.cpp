// SPDX-License-Identifier: Apache-2.0
#include "config/unsupported_settings.hpp"

#include <algorithm>
#include <array>

#include "config/values.hpp"

namespace ostler::config {
namespace {

constexpr std::string_view kAny = "*";
/// What is always on here, and names that the genuine agent only warns about.
constexpr std::string_view kHarmlessExperiments =
    "agent-api,allow-artifact-path-traversal,ansi-timestamps,avoid-recursive-trap,descending-spawn-"
    "priority,"
    "flock-file-locks,git-mirrors,inbuilt-status-page,isolated-plugin-checkout,job-api,"
    "kubernetes-exec,normalised-upload-paths,override-zero-exit-on-cancel,polyglot-hooks,"
    "propagate-agent-config-vars,resolve-commit-after-checkout,use-zzglob";

using enum Kind;
constexpr auto kUnsupported = std::to_array<UnsupportedSetting>({
    {"tags-from-ec2-meta-data", "BUILDKITE_AGENT_TAGS_FROM_EC2_META_DATA", Flag},
    {"tags-from-ec2-meta-data-paths", "BUILDKITE_AGENT_TAGS_FROM_EC2_META_DATA_PATHS", List},
    {"tags-from-ec2-tags", "BUILDKITE_AGENT_TAGS_FROM_EC2_TAGS", Flag},
    {"tags-from-ecs-meta-data", "BUILDKITE_AGENT_TAGS_FROM_ECS_META_DATA", Flag},
    {"tags-from-gcp-meta-data", "BUILDKITE_AGENT_TAGS_FROM_GCP_META_DATA", Flag},
    {"tags-from-gcp-meta-data-paths", "BUILDKITE_AGENT_TAGS_FROM_GCP_META_DATA_PATHS", List},
    {"tags-from-gcp-labels", "BUILDKITE_AGENT_TAGS_FROM_GCP_LABELS", Flag},
    {"wait-for-ec2-tags-timeout", "BUILDKITE_AGENT_WAIT_FOR_EC2_TAGS_TIMEOUT", Duration, kAny},
    {"wait-for-ec2-meta-data-timeout", "BUILDKITE_AGENT_WAIT_FOR_EC2_META_DATA_TIMEOUT", Duration,
     kAny},
    {"wait-for-ecs-meta-data-timeout", "BUILDKITE_AGENT_WAIT_FOR_ECS_META_DATA_TIMEOUT", Duration,
     kAny},
    {"wait-for-gcp-labels-timeout", "BUILDKITE_AGENT_WAIT_FOR_GCP_LABELS_TIMEOUT", Duration, kAny},
    {"fail-on-missing-tags", "BUILDKITE_AGENT_FAIL_ON_MISSING_TAGS", Flag, kAny},
    {"plugins-path", "BUILDKITE_PLUGINS_PATH", Path, kAny},
    {"bootstrap-script", "BUILDKITE_BOOTSTRAP_SCRIPT_PATH", Text},
    {"hooks-shell", "BUILDKITE_HOOKS_SHELL", Text, kAny},
    {"no-plugin-validation", "BUILDKITE_NO_PLUGIN_VALIDATION", Flag, kAny},
    {"plugins-always-clone-fresh", "BUILDKITE_PLUGINS_ALWAYS_CLONE_FRESH", Flag, kAny},
    {"strict-single-hooks", "BUILDKITE_STRICT_SINGLE_HOOKS", Flag, kAny},
    {"allowed-repositories", "BUILDKITE_ALLOWED_REPOSITORIES", List},
    {"allowed-plugins", "BUILDKITE_ALLOWED_PLUGINS", List},
    {"enable-environment-variable-allowlist", "BUILDKITE_ENABLE_ENVIRONMENT_VARIABLE_ALLOWLIST",
     Flag},
    {"allowed-environment-variables", "BUILDKITE_ALLOWED_ENVIRONMENT_VARIABLES", List, kAny},
    {"checkout-override-mode", "BUILDKITE_CHECKOUT_OVERRIDE_MODE", Text, "from-job"},
    {"git-checkout-flags", "BUILDKITE_GIT_CHECKOUT_FLAGS", Text, "-f"},
    {"git-clone-flags", "BUILDKITE_GIT_CLONE_FLAGS", Text, "-v"},
    {"git-clone-mirror-flags", "BUILDKITE_GIT_CLONE_MIRROR_FLAGS", Text, "-v"},
    {"git-fetch-flags", "BUILDKITE_GIT_FETCH_FLAGS", Text, "-v --prune,-v"},
    {"git-skip-fetch-existing-commits", "BUILDKITE_GIT_SKIP_FETCH_EXISTING_COMMITS", Flag},
    {"git-sparse-checkout-paths", "BUILDKITE_GIT_SPARSE_CHECKOUT_PATHS", List},
    {"git-sparse-checkout-mode", "BUILDKITE_GIT_SPARSE_CHECKOUT_MODE", Text, kAny},
    {"git-submodule-clone-config", "BUILDKITE_GIT_SUBMODULE_CLONE_CONFIG", List},
    {"git-mirror-checkout-mode", "BUILDKITE_GIT_MIRROR_CHECKOUT_MODE", Text, "reference"},
    {"enable-job-log-tmpfile", "BUILDKITE_ENABLE_JOB_LOG_TMPFILE", Flag},
    {"job-log-path", "BUILDKITE_JOB_LOG_PATH", Path, kAny},
    {"write-job-logs-to-stdout", "BUILDKITE_WRITE_JOB_LOGS_TO_STDOUT", Flag},
    {"job-logs-otlp", "BUILDKITE_JOB_LOGS_OTLP", Flag},
    {"opentelemetry-metrics", "BUILDKITE_OPENTELEMETRY_METRICS", Flag},
    {"opentelemetry-tracing", "BUILDKITE_OPENTELEMETRY_TRACING", Flag},
    {"telemetry-service-name", "BUILDKITE_TELEMETRY_SERVICE_NAME", Text, kAny},
    {"disable-warnings-for", "BUILDKITE_AGENT_DISABLE_WARNINGS_FOR", List, kAny},
    {"verification-jwks-file", "BUILDKITE_AGENT_VERIFICATION_JWKS_FILE", Path},
    {"verification-failure-behavior", "BUILDKITE_AGENT_JOB_VERIFICATION_NO_SIGNATURE_BEHAVIOR",
     Text, kAny},
    {"signing-jwks-file", "BUILDKITE_AGENT_SIGNING_JWKS_FILE", Path},
    {"signing-jwks-key-id", "BUILDKITE_AGENT_SIGNING_JWKS_KEY_ID", Text, kAny},
    {"signing-aws-kms-key", "BUILDKITE_AGENT_SIGNING_AWS_KMS_KEY", Text},
    {"signing-gcp-kms-key", "BUILDKITE_AGENT_SIGNING_GCP_KMS_KEY", Text},
    {"debug-signing", "BUILDKITE_AGENT_DEBUG_SIGNING", Flag},
    {"debug-http", "BUILDKITE_AGENT_DEBUG_HTTP", Flag},
    {"trace-http", "BUILDKITE_AGENT_TRACE_HTTP", Flag},
    {"experiment", "BUILDKITE_AGENT_EXPERIMENT", List, kHarmlessExperiments},
    {"profile", "BUILDKITE_AGENT_PROFILE", Text},
    {"job-context-dir", "BUILDKITE_JOB_CONTEXT_DIR", Path},
    {"kubernetes-exec", "BUILDKITE_KUBERNETES_EXEC", Flag},
    {"kubernetes-container-start-timeout", "BUILDKITE_KUBERNETES_CONTAINER_START_TIMEOUT", Duration,
     kAny},

    // Of version 3 only.
    {"meta-data", "BUILDKITE_AGENT_META_DATA", List, "", "tags"},
    {"meta-data-ec2", "BUILDKITE_AGENT_META_DATA_EC2", Flag},
    {"meta-data-ec2-tags", "BUILDKITE_AGENT_META_DATA_EC2_TAGS", Flag},
    {"meta-data-gcp", "BUILDKITE_AGENT_META_DATA_GCP", Flag},
    {"tags-from-ec2", "BUILDKITE_AGENT_TAGS_FROM_EC2", Flag},
    {"tags-from-gcp", "BUILDKITE_AGENT_TAGS_FROM_GCP", Flag},
    {"no-automatic-ssh-fingerprint-verification",
     "BUILDKITE_NO_AUTOMATIC_SSH_FINGERPRINT_VERIFICATION", Flag, "", "no-ssh-keyscan"},
    {"cancel-grace-period", "BUILDKITE_CANCEL_GRACE_PERIOD", Number, "10", "cancel-signal-timeout"},
    {"signal-grace-period-seconds", "BUILDKITE_SIGNAL_GRACE_PERIOD_SECONDS", Text, "-1",
     "cancel-signal-timeout"},
    {"disconnect-after-job-timeout", "BUILDKITE_AGENT_DISCONNECT_AFTER_JOB_TIMEOUT", Number, "0",
     "disconnect-after-idle-timeout"},
    {"no-ansi-timestamps", "BUILDKITE_NO_ANSI_TIMESTAMPS", Flag},
    {"timestamp-lines", "BUILDKITE_TIMESTAMP_LINES", Flag},
    {"tracing-backend", "BUILDKITE_TRACING_BACKEND", Text},
    {"tracing-service-name", "BUILDKITE_TRACING_SERVICE_NAME", Text, kAny},
    {"tracing-propagate-traceparent", "BUILDKITE_TRACING_PROPAGATE_TRACEPARENT", Flag, kAny},
    {"trace-context-encoding", "BUILDKITE_TRACE_CONTEXT_ENCODING", Text, kAny},
    {"metrics-datadog", "BUILDKITE_METRICS_DATADOG", Flag},
    {"metrics-datadog-host", "BUILDKITE_METRICS_DATADOG_HOST", Text, kAny},
    {"metrics-datadog-distributions", "BUILDKITE_METRICS_DATADOG_DISTRIBUTIONS", Flag, kAny},
});

bool is_one_of(const std::string& value, std::string_view list) {
  const auto values = split_list(list);
  return std::find(values.begin(), values.end(), value) != values.end();
}

Result<bool> has_no_effect(const UnsupportedSetting& setting, std::string_view text) {
  if (text.empty() || setting.harmless == kAny) return true;
  if (setting.kind == Flag) {
    OSTLER_TRY(const bool on, parse_flag(text));
    return !on;
  }
  if (setting.kind != List) return is_one_of(std::string(text), setting.harmless);
  const auto items = split_list(text);
  return std::all_of(items.begin(), items.end(),
                     [&](const auto& item) { return is_one_of(item, setting.harmless); });
}

}  // namespace

std::span<const UnsupportedSetting> unsupported_settings() { return kUnsupported; }

Result<void> check_without_effect(const UnsupportedSetting& setting, std::string_view text) {
  OSTLER_TRY(const bool harmless, has_no_effect(setting, text));
  if (harmless) return success();
  if (!setting.instead.empty()) {
    return Error(Errc::UserFault,
                 "is no setting any more; give " + std::string(setting.instead) + " instead");
  }
  return Error(Errc::UserFault,
               "\"" + std::string(text) + "\" is not supported yet; leave the setting out");
}

}  // namespace ostler::config
