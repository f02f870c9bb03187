// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ostler/abi.h>
#include <ostler/services.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <limits>
#include <optional>
#include <ostler/cpp/annotation.hpp>
#include <ostler/cpp/artifact.hpp>
#include <ostler/cpp/cache.hpp>
#include <ostler/cpp/call.hpp>
#include <ostler/cpp/command.hpp>
#include <ostler/cpp/config.hpp>
#include <ostler/cpp/http.hpp>
#include <ostler/cpp/meta_data.hpp>
#include <ostler/cpp/retry.hpp>
#include <string>
#include <string_view>
#include <utility>

/// The services of ostler/abi.h as classes. Contracts (threads, blocking, cancel) are stated there.
namespace ostler {

/// What the host gives to a step. Copies nothing: lives as long as the run.
class Services {
 public:
  /// Throws CallFailed when the host lacks a service that every host of this ABI version has.
  explicit Services(const ostler_host_t* host)
      : host_(host),
        log_(find<ostler_log_t>(OSTLER_LOG_ID)),
        progress_(find<ostler_progress_t>(OSTLER_PROGRESS_ID)),
        cancel_(find<ostler_cancel_t>(OSTLER_CANCEL_ID)),
        clock_(find<ostler_clock_t>(OSTLER_CLOCK_ID)),
        config_(find<ostler_config_t>(OSTLER_CONFIG_ID)),
        job_(find<ostler_job_t>(OSTLER_JOB_ID)),
        environment_(find<ostler_environment_t>(OSTLER_ENVIRONMENT_ID)),
        output_(find<ostler_output_t>(OSTLER_OUTPUT_ID)) {}

  const ostler_host_t* host() const { return host_; }
  ConfigReader config() const { return {host_, config_}; }
  const ostler_job_facts_t& job() const { return *job_->facts(host_); }
  /// What has become of another step of the build, by its key or id: "passed", "hard_failed",
  /// "running"; see ostler_job. Throws CallFailed; with OSTLER_NOT_FOUND when there is no such
  /// step.
  std::string outcome(std::string_view step) const {
    detail::require_member(OSTLER_HAS(ostler_job_t, job_, outcome), "ostler.job/1/outcome");
    detail::Kept value;
    detail::Kept error;
    detail::require(job_->outcome(host_, to_text(step), value.sink(), error.sink()), error);
    return std::move(value).text();
  }
  /// Path of a file that the plugin has beside its library (RESOURCES of ostler_step_plugin), to be
  /// read only. Throws CallFailed when it has none.
  std::string resource(std::string_view name) const {
    const ostler_job_facts_t& facts = job();
    if (!OSTLER_REACHES(ostler_job_facts_t, &facts, resources) || facts.resources.size == 0) {
      throw CallFailed(OSTLER_NOT_FOUND, "there is no resource " + std::string(name));
    }
    return std::string(to_view(facts.resources)) + "/" + std::string(name);
  }

  /// A directory that stays on this host for later runs of the plugin in this pipeline. The
  /// manifest asks for it: "permissions": {"host_directory": "write"}. Throws CallFailed when it
  /// does not.
  std::string host_directory() const {
    const ostler_job_facts_t& facts = job();
    if (OSTLER_REACHES(ostler_job_facts_t, &facts, host_directory) &&
        facts.host_directory.size > 0) {
      return std::string(to_view(facts.host_directory));
    }
    throw CallFailed(OSTLER_DENIED,
                     "nothing of this run stays on the host; ask for it in plugin.json: "
                     "\"permissions\": {\"host_directory\": \"write\"}");
  }

  void log(std::string_view text, ostler_severity_t severity = OSTLER_LOG_INFO) const {
    log_->write(host_, severity, to_text(text));
  }
  void begin_group(std::string_view title,
                   ostler_group_style_t style = OSTLER_GROUP_COLLAPSED) const {
    log_->begin_group(host_, style, to_text(title));
  }
  /// `done`: 0 to 10000; `attempt`: from 1, 0 when the step knows none.
  void progress(int done, std::string_view message = {}, std::string_view phase = {},
                int attempt = 0) const {
    const ostler_progress_report_t report = {sizeof report,   done, attempt, 0, to_text(phase),
                                             to_text(message)};
    progress_->report(host_, &report);
  }

  bool is_cancelled() const { return cancel_->reason(host_) != OSTLER_CANCEL_NONE; }
  ostler_cancel_reason_t cancel_reason() const { return cancel_->reason(host_); }
  int cancel_descriptor() const { return cancel_->descriptor(host_); }
  /// When the process is killed, in ticks(); none while the job is not cancelled.
  std::optional<std::chrono::nanoseconds> deadline() const {
    const std::int64_t ns = cancel_->deadline_ns(host_);
    if (ns == std::numeric_limits<std::int64_t>::max()) return std::nullopt;
    return std::chrono::nanoseconds(ns);
  }
  void begin_cleanup() const { cancel_->begin_cleanup(host_); }

  std::chrono::system_clock::time_point now() const {
    const std::chrono::nanoseconds since_1970(clock_->now_ns(host_));
    return std::chrono::system_clock::time_point(
        std::chrono::duration_cast<std::chrono::system_clock::duration>(since_1970));
  }
  /// Grows only; for durations.
  std::chrono::nanoseconds ticks() const {
    return std::chrono::nanoseconds(clock_->ticks_ns(host_));
  }
  /// False when the job was cancelled first.
  template <class Rep, class Period>
  [[nodiscard]] bool sleep(std::chrono::duration<Rep, Period> duration) const {
    const auto wanted = std::chrono::duration_cast<std::chrono::nanoseconds>(duration).count();
    return clock_->sleep(host_, wanted) == OSTLER_OK;
  }

  /// Calls `attempt(number)` until it throws no CallFailed of OSTLER_UNAVAILABLE or OSTLER_TIMEOUT.
  /// Throws what it threw last, and CallFailed of OSTLER_CANCELLED.
  template <class Attempt>
  void retry(const Retries& retries, Attempt attempt) const {
    detail::Repeated<Attempt> repeated{attempt};
    const ostler_retry_policy_t policy = {sizeof policy, retries.most_attempts,
                                          retries.first_delay.count(), retries.most_delay.count()};
    const ostler_status_t status = clock_->retry(host_, &policy, repeated.once, &repeated);
    if (status == OSTLER_CANCELLED) throw CallFailed(status, "the job was cancelled");
    if (repeated.thrown) std::rethrow_exception(repeated.thrown);
    if (status != OSTLER_OK) throw CallFailed(status, "no such number of attempts, or delay");
  }

  /// None: it is not set.
  std::optional<std::string> variable(std::string_view name) const {
    detail::Kept value;
    detail::Kept error;
    const auto status = environment_->get(host_, to_text(name), value.sink(), error.sink());
    if (status == OSTLER_NOT_FOUND) return std::nullopt;
    detail::require(status, error);
    return std::move(value).text();
  }
  void set_variable(std::string_view name, std::string_view value) const {
    detail::Kept error;
    detail::require(environment_->set(host_, to_text(name), to_text(value), error.sink()), error);
  }
  void set_output(std::string_view name, std::string_view json) const {
    detail::Kept error;
    detail::require(output_->set(host_, to_text(name), to_text(json), error.sink()), error);
  }
  /// JSON that a step of the build has set, by its key; "result" is how its plugin ended. None: it
  /// has not, or is not over. Throws CallFailed.
  std::optional<std::string> output(std::string_view step, std::string_view name) const {
    detail::require_member(OSTLER_HAS(ostler_output_t, output_, get), "ostler.output/1/get");
    detail::Kept value;
    detail::Kept error;
    const auto status =
        output_->get(host_, to_text(step), to_text(name), value.sink(), error.sink());
    if (status == OSTLER_NOT_FOUND) return std::nullopt;
    detail::require(status, error);
    return std::move(value).text();
  }
  /// The manifest asks for it: "permissions": {"services": ["meta-data"]}.
  MetaData meta_data() const { return MetaData(host_); }
  /// The manifest asks for it: "permissions": {"services": ["annotation"]}. Throws CallFailed.
  void annotate(const Annotation& annotation) const {
    const ostler_annotation_t given = detail::table_of(annotation);
    detail::Kept error;
    detail::require(ostler_annotation_put(host_, &given, error.sink()), error);
  }
  void remove_annotation(std::string_view context, bool of_job = false) const {
    detail::Kept error;
    detail::require(ostler_annotation_remove(host_, to_text(context), of_job ? 1 : 0, error.sink()),
                    error);
  }
  /// The manifest asks for it: "permissions": {"services": ["artifact"]}. Throws CallFailed.
  void upload_artifact(std::string_view path, std::string_view name,
                       std::string_view media_type = {}) const {
    detail::Kept error;
    detail::require(ostler_artifact_upload(host_, to_text(path), to_text(name), to_text(media_type),
                                           error.sink()),
                    error);
  }
  /// A JSON array; see ostler_artifact_search. Throws CallFailed.
  std::string find_artifacts(const ArtifactQuery& query) const {
    const ostler_artifact_query_t given = query.table();
    detail::Kept value;
    detail::Kept error;
    detail::require(ostler_artifact_search(host_, &given, value.sink(), error.sink()), error);
    return std::move(value).text();
  }
  /// Into a directory that is there; how many came. Throws CallFailed; with OSTLER_NOT_FOUND when
  /// nothing matches.
  std::size_t download_artifacts(const ArtifactQuery& query, std::string_view directory) const {
    const ostler_artifact_query_t given = query.table();
    detail::Kept value;
    detail::Kept error;
    detail::require(
        ostler_artifact_download(host_, &given, to_text(directory), value.sink(), error.sink()),
        error);
    return std::stoul(value.text());
  }
  /// JSON; see ostler_cache_restore. The manifest asks for it: "permissions": {"services":
  /// ["cache"], "workspace": "write"}. Throws CallFailed.
  std::string restore_cache(const CacheEntry& entry) const {
    return detail::use_cache(ostler_cache_restore, host_, entry);
  }
  /// JSON; see ostler_cache_save. Throws CallFailed.
  std::string save_cache(const CacheEntry& entry) const {
    return detail::use_cache(ostler_cache_save, host_, entry);
  }
  /// YAML or JSON. The manifest asks for it: "permissions": {"services": ["pipeline"]}. Throws
  /// CallFailed.
  void upload_steps(std::string_view steps, bool replace = false) const {
    detail::Kept error;
    detail::require(ostler_pipeline_upload(host_, to_text(steps), replace ? 1 : 0, error.sink()),
                    error);
  }
  /// The manifest asks for it: "permissions": {"secrets": ["NAME"]}. Throws CallFailed.
  std::string secret(std::string_view name) const {
    detail::Kept value;
    detail::Kept error;
    detail::require(ostler_secret_get(host_, to_text(name), value.sink(), error.sink()), error);
    return std::move(value).text();
  }
  /// Has the log hide a text from now on.
  void protect(std::string_view text) const {
    detail::Kept error;
    detail::require(ostler_secret_protect(host_, to_text(text), error.sink()), error);
  }
  /// Sets a secret of the hub for later jobs; see ostler_secret_put. The manifest asks for it:
  /// "permissions": {"secrets_put": ["NAME"]}. Throws CallFailed.
  void put_secret(std::string_view name, std::string_view value) const {
    detail::Kept error;
    detail::require(ostler_secret_put(host_, to_text(name), to_text(value), error.sink()), error);
  }
  /// The manifest asks for it: "permissions": {"http": ["HOST"]}. Any status is an answer. Throws
  /// CallFailed when there is none.
  HttpAnswer http(const HttpRequest& request) const {
    const ostler_http_request_t given = detail::table_of(request);
    detail::Kept head;
    detail::Kept error;
    detail::require(ostler_http_send(host_, &given, head.sink(), error.sink()), error);
    return {host_, head.text()};
  }
  /// Throws CallFailed when the manifest does not ask for it: "permissions": {"commands":
  /// "workspace"}, or "host".
  CommandRunner command() const {
    find<ostler_service_t>(OSTLER_COMMAND_ID);
    return CommandRunner(host_);
  }

 private:
  template <class Table>
  const Table* find(std::string_view id) const {
    const void* table = host_->get_extension(host_, to_text(id));
    if (table == nullptr) {
      char line[128];
      ostler_permission_line(std::string(id).c_str(), line, sizeof line);
      throw CallFailed(OSTLER_UNAVAILABLE, "this run has no service " + std::string(id) +
                                               "; ask for it in plugin.json: " + line);
    }
    return static_cast<const Table*>(table);
  }

  const ostler_host_t* host_;
  const ostler_log_t* log_;
  const ostler_progress_t* progress_;
  const ostler_cancel_t* cancel_;
  const ostler_clock_t* clock_;
  const ostler_config_t* config_;
  const ostler_job_t* job_;
  const ostler_environment_t* environment_;
  const ostler_output_t* output_;
};

}  // namespace ostler
