// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "model/end_cause.hpp"

// The bodies of the Agent API as values, with their JSON in both directions. Decoders ignore
// unknown fields, take null for an absent field, and answer Errc::Protocol with the field's name
// when a field has another JSON type. Artifacts are in wire/agent_api_artifacts.hpp.
// Source: reference/agent-api.md 1.4, 2.1-2.11, 2.15, 9.1.
namespace ostler::wire {

/// Answer header of register and accept: the server holds `GET ping?wait=S` and
/// `GET jobs/:id?wait=S` open until something changed or S seconds passed.
inline constexpr std::string_view kWaitHeader = "Ostler-Wait";

/// Answer header of accept: the server serves `GET plugins/DIGEST`, the archive of the step plugin
/// whose plugin.json has that SHA-256.
inline constexpr std::string_view kPluginsHeader = "Ostler-Plugins";
/// Answer header of that call: SHA-256 of the archive, in hex.
inline constexpr std::string_view kPluginDigestHeader = "Ostler-Archive-Sha256";

/// Parameter of `GET ping?wait=`: "1" when the agent knows that it is paused, so that the server
/// holds the call until that changes.
inline constexpr std::string_view kPausedParameter = "paused";

/// Header of every call that an agent of ours makes: a text that tells where its sessions are kept.
/// A session belongs to the agent that registered it; our hub answers kHeldElsewhere to any other.
inline constexpr std::string_view kInstanceHeader = "Ostler-Instance";
/// No call about a session or a job's state is answered with this status otherwise.
inline constexpr int kHeldElsewhere = 409;

/// Header of acquire, always "1".
inline constexpr std::string_view kAcquireHeader = "X-Buildkite-Lock-Acquire-Job";

using StringMap = std::map<std::string, std::string>;

struct RegisterRequest {
  std::string name;  ///< may hold %hostname, %random, %pid; may be empty
  std::string hostname;
  std::string os;
  std::string arch;
  bool script_eval_enabled = true;
  bool ignore_in_dispatches = false;
  std::string priority;  ///< decimal text; empty when not given
  std::string version;
  std::string build;
  std::vector<std::string> meta_data;  ///< tags, "key=value" or a bare word
  std::int64_t pid = 0;
  std::string machine_id;
  std::vector<std::string> features;
};
std::string encode(const RegisterRequest& request);
Result<RegisterRequest> decode_register_request(std::string_view json);

struct RegisterResponse {
  std::string id;
  std::string name;
  Secret access_token;
  std::string endpoint;                      ///< empty: keep the configured one
  std::optional<StringMap> request_headers;  ///< as sent; the client keeps only Buildkite-*
  std::int64_t ping_interval = 0;            ///< seconds; a decoded value is at least 1
  std::int64_t job_status_interval = 0;      ///< seconds; a decoded value is at least 1
  std::int64_t heartbeat_interval = 0;       ///< seconds; a decoded value is at least 1
  std::vector<std::string> meta_data;
  std::optional<std::int64_t> lease_seconds;  ///< our hub only
};
std::string encode(const RegisterResponse& response);
/// Errors: Protocol also when id or access_token is empty. Intervals below 1 become 1.
Result<RegisterResponse> decode_register_response(std::string_view json);

/// Body of pause; both fields may be left out.
struct PauseRequest {
  std::string note;
  std::int64_t timeout_in_minutes = 0;  ///< 0: until it is resumed; a decoded value is not negative
};
std::string encode(const PauseRequest& request);
/// Errors: Protocol.
Result<PauseRequest> decode_pause_request(std::string_view json);

/// Body of stop.
struct StopRequest {
  bool force = false;
};
std::string encode(const StopRequest& request);
/// Errors: Protocol.
Result<StopRequest> decode_stop_request(std::string_view json);

enum class PingAction : std::uint8_t { Idle, Pause, Disconnect };

struct PingResponse {
  PingAction action = PingAction::Idle;  ///< an unknown action reads as Idle
  std::string message = {};
  std::optional<std::string> job_id = {};  ///< the offered job; never an empty text
  std::string endpoint = {};
  std::optional<StringMap> request_headers = {};  ///< absent: keep the set; empty: clear it
};
std::string encode(const PingResponse& response);
Result<PingResponse> decode_ping_response(std::string_view json);

struct HeartbeatRequest {
  std::string sent_at;  ///< RFC 3339 as its sender wrote it
};
std::string encode(const HeartbeatRequest& request);
Result<HeartbeatRequest> decode_heartbeat_request(std::string_view json);

struct HeartbeatResponse {
  std::string sent_at;
  std::string received_at;
};
std::string encode(const HeartbeatResponse& response);
Result<HeartbeatResponse> decode_heartbeat_response(std::string_view json);

/// The states of a job that the protocol names; anything else reads as Other.
enum class JobState : std::uint8_t {
  Other,
  Scheduled,
  Assigned,
  Accepted,
  Running,
  Finished,
  Canceling,
  Canceled,
  TimingOut,
  TimedOut,
};

/// The answer to accept.
struct Job {
  std::string id;
  JobState state = JobState::Other;
  StringMap env;
  Secret token;  ///< empty: the session's token serves for the job too
  std::int64_t chunks_max_size_bytes = 0;
  std::int64_t chunks_interval_seconds = 1;
  std::int64_t log_max_size_bytes = std::int64_t{1} << 30;
  std::string step = "{}";  ///< the step's JSON object, opaque
  std::optional<Timestamp> runnable_at;
  std::int64_t priority = 0;
};
std::string encode(const Job& job);
/// Errors: Protocol also when id is empty or chunks_max_size_bytes is below 1.
Result<Job> decode_job(std::string_view json);

struct StartRequest {
  Timestamp started_at;
};
std::string encode(const StartRequest& request);
Result<StartRequest> decode_start_request(std::string_view json);

struct JobStateResponse {
  JobState state = JobState::Other;
};
std::string encode(const JobStateResponse& response);
Result<JobStateResponse> decode_job_state(std::string_view json);

struct FinishRequest {
  int exit_status = 0;  ///< decimal text in JSON
  std::string signal;
  std::string signal_reason;
  Timestamp finished_at;
  std::int64_t chunks_failed_count = 0;
  bool ignore_agent_in_dispatches = false;
  std::optional<model::EndCause> end_cause{};  ///< goes in kEndCauseHeader
};
std::string encode(const FinishRequest& request);
Result<FinishRequest> decode_finish_request(std::string_view json);

/// Body of data/set and answer of data/get.
struct MetaDatum {
  std::string key;
  std::string value;
};
std::string encode(const MetaDatum& datum);
Result<MetaDatum> decode_meta_datum(std::string_view json);

/// Body of data/set-batch.
std::string encode(const std::vector<MetaDatum>& batch);
Result<std::vector<MetaDatum>> decode_meta_data_batch(std::string_view json);

/// Body of data/get and data/exists.
std::string encode_meta_data_key(std::string_view key);
Result<std::string> decode_meta_data_key(std::string_view json);

/// Answer of data/exists.
std::string encode_exists(bool exists);
Result<bool> decode_exists(std::string_view json);

/// Answer of data/keys.
std::string encode_keys(const std::vector<std::string>& keys);
Result<std::vector<std::string>> decode_keys(std::string_view json);

/// The body of every error answer, {"message": "..."}.
std::string encode_message(std::string_view message);
/// The message of an error answer; when it is not JSON, its first 512 bytes.
std::string decode_message(std::string_view body);

}  // namespace ostler::wire
