// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "model/end_cause.hpp"
#include "model/gate.hpp"

/// REST v2 as its client reads it; the server's side is in the other rest_ files.
namespace ostler::wire {

/// How far a job is, as much as a client must know. Source: rest-api, 10.4.
enum class RestJobProgress : std::uint8_t {
  Waiting,  ///< for other jobs, for an agent or for its start
  Running,  ///< or being canceled
  Blocked,  ///< waits for a person alone
  Passed,
  Failed,
  TimedOut,
  Canceled,
  NotRun,  ///< and never will: a job before it failed, it was skipped, or it expired
};

/// How far a job in that state of the REST API is.
RestJobProgress rest_job_progress(std::string_view state);

/// The build that a trigger has made.
struct RestTriggeredAnswer {
  std::string pipeline;  ///< its slug
  std::int64_t number = 0;
  std::string state;  ///< as on the wire
};

/// What a job has said of its own end before it came.
struct RestPromiseAnswer {
  std::int64_t exit_status = 0;
  std::string reason;  ///< may be empty
};

struct RestJobAnswer {
  std::string id;
  std::string type;  ///< "script", "waiter", "manual", "trigger"
  std::string name;  ///< its label; empty: none
  std::string step_id;  ///< empty: the server does not say it
  std::string step_key;
  std::string variation;    ///< "2/3" of parallel ones, "(linux, arm)" of a matrix; empty: neither
  std::string distinction;  ///< from others of its build that are called so; empty: there are none
  std::string group_id;     ///< empty: it is in no group
  std::string group_name;   ///< label or key of that; empty: it has none
  std::string command;
  std::vector<std::string> agent_query_rules;
  std::string state;  ///< as on the wire
  RestJobProgress progress = RestJobProgress::Waiting;
  bool soft_failed = false;
  bool retried = false;                            ///< there is a later attempt
  std::string retried_in;                          ///< its id; empty: there is none, or not said
  std::int64_t retries_count = 0;                  ///< how many attempts were before it
  std::optional<std::int64_t> timeout_in_minutes;  ///< none: no limit, or the server says none
  std::optional<std::int64_t> exit_status;
  std::string signal;
  std::string signal_reason;
  std::optional<model::EndCause> end_cause;
  std::optional<RestPromiseAnswer> promised_failure;
  std::string secrets;        ///< that it wants, as secrets_config.hpp reads them; empty: none
  std::string broken_reason;  ///< why its pipeline does not let it run; empty: it says nothing
  std::string agent_name;     ///< empty: no agent has it
  std::optional<model::Gate> gate;               ///< of a "manual" one: what a person is asked
  std::optional<RestTriggeredAnswer> triggered;  ///< of a "trigger" one that has made it
  std::string triggers;       ///< slug of the pipeline that a "trigger" one builds
  std::string trigger_error;  ///< why it made no build; empty: nothing is said
  std::string pipeline;  ///< slug of the build's pipeline; empty when the job's build is not said
  std::int64_t build_number = 0;         ///< 0 when the job's build is not said
  std::optional<Timestamp> runnable_at;  ///< none: also while its concurrency group holds it back
  std::optional<Timestamp> started_at;
  std::optional<Timestamp> finished_at;
};

struct RestBuildAnswer {
  std::string id;
  std::int64_t number = 0;
  std::string pipeline;  ///< its slug
  std::string state;     ///< as on the wire, but "blocked" of one that waits for a person alone
  std::string branch;
  std::string commit;
  std::string message;
  std::string source;        ///< "api", "webhook", ...
  std::string creator_name;  ///< empty: nobody made it by hand
  std::string cancel_reason;
  std::string web_url;
  std::optional<Timestamp> created_at;
  std::optional<Timestamp> started_at;
  std::optional<Timestamp> finished_at;  ///< none while it is blocked
  std::vector<RestJobAnswer> jobs;       ///< in the order of the pipeline
};

struct RestArtifactAnswer {
  std::string id;
  std::string job_id;
  std::string path;
  std::string state;  ///< "finished" when it can be downloaded
  std::string download_url;
  std::int64_t file_size = 0;
};

struct RestPipelineAnswer {
  std::string slug;
  std::string name;
  std::string description;  ///< empty: none
  std::string repository;
  std::string default_branch;                ///< empty: not said
  std::string branch_configuration;          ///< empty: every branch is built
  std::string configuration;                 ///< the YAML text
  std::optional<std::int64_t> poll_seconds;  ///< none: its repository is not looked at
  std::int64_t scheduled_builds = 0;
  std::int64_t running_builds = 0;
  std::int64_t running_jobs = 0;
  std::optional<Timestamp> created_at;
  std::optional<Timestamp> archived_at;  ///< none: it is in use
};

/// An API token as its holder sees it.
struct RestTokenAnswer {
  std::string description;
  std::vector<std::string> scopes;
  std::string user_name;
  std::string user_email;
};

/// Errors of each: Protocol, naming the field.
Result<RestTokenAnswer> decode_rest_token(std::string_view json);
/// The slugs of the organizations in a list.
Result<std::vector<std::string>> decode_rest_organization_slugs(std::string_view json);
Result<RestBuildAnswer> decode_rest_build(std::string_view json);
Result<std::vector<RestBuildAnswer>> decode_rest_builds(std::string_view json);
Result<RestJobAnswer> decode_rest_job(std::string_view json);
Result<RestPipelineAnswer> decode_rest_pipeline(std::string_view json);
Result<std::vector<RestPipelineAnswer>> decode_rest_pipelines(std::string_view json);
Result<std::vector<RestArtifactAnswer>> decode_rest_artifacts(std::string_view json);
/// How many jobs an answer says to have been retried.
Result<std::int64_t> decode_rest_retried_count(std::string_view json);
/// The slug of a pipeline object.
Result<std::string> decode_rest_pipeline_slug(std::string_view json);
/// The address that the API gives an organization.
Result<std::string> decode_rest_organization_url(std::string_view json);

/// What an error's body says, on one line or one line per fault; the body itself, cut, when it is
/// not a REST error.
std::string rest_error_text(std::string_view body);

/// What an error says of a path whose organization is not there, or is not the token's.
constexpr std::string_view kNoOrganizationFound = "No organization found";
/// What an error says of anything else that is not there, unless it names it.
constexpr std::string_view kNotFound = "Not Found";

}  // namespace ostler::wire
