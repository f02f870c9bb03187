// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

// Calls on steps, builds and jobs that commands of a job make, with their JSON in both directions.
// Decoders fail as those of wire/agent_api.hpp. Source: reference/agent-api.md 2.10, 2.17.
namespace ostler::wire {

/// Body of `POST steps/:id_or_key/export`. Each may be empty.
struct StepExportRequest {
  std::string attribute;
  std::string build_id;
  std::string format;
};
std::string encode(const StepExportRequest& request);
Result<StepExportRequest> decode_step_export_request(std::string_view json);

/// Its answer.
std::string encode_step_output(std::string_view output);
Result<std::string> decode_step_output(std::string_view json);
/// What has become of a step whose every attribute was asked for, as JSON: its outcome when it is
/// over and has one, else its state.
Result<std::string> decode_step_outcome(std::string_view json);

/// Body of `PUT steps/:id_or_key`.
struct StepUpdateRequest {
  std::string idempotency_uuid;
  std::string build_id;
  std::string attribute;
  std::string value;
  bool append = false;
};
std::string encode(const StepUpdateRequest& request);
Result<StepUpdateRequest> decode_step_update_request(std::string_view json);

/// Body of `POST steps/:id_or_key/cancel`.
struct StepCancelRequest {
  std::string build_id;
  bool force = false;
  std::int64_t force_grace_period = 15;  ///< seconds, not negative
};
std::string encode(const StepCancelRequest& request);
Result<StepCancelRequest> decode_step_cancel_request(std::string_view json);

/// The answer of both cancels, {"uuid": ...}.
std::string encode_canceled(std::string_view uuid);

/// Body of `PUT jobs/:id`, {"<attribute>": "<value>"}.
struct JobUpdateRequest {
  std::string attribute;
  std::string value;
};
std::string encode(const JobUpdateRequest& request);
/// Errors: Protocol also unless there is exactly one key with a text.
Result<JobUpdateRequest> decode_job_update_request(std::string_view json);
/// Its answer, {"id": ...}.
std::string encode_updated(std::string_view id);

/// Body of `PUT jobs/:id/promise_failure` and of the Job API's promise-failure.
struct PromiseFailureRequest {
  int exit_status = 0;  ///< a decoded one is 1 or more
  std::string reason;
};
std::string encode(const PromiseFailureRequest& request);
Result<PromiseFailureRequest> decode_promise_failure_request(std::string_view json);

/// Answer of the Job API's promise-failure. Source: agent-api 4.1.
struct PromiseFailureAnswer {
  bool is_first = false;  ///< "declared", else "debounced": an earlier call asked the server
  bool accepted = false;
  int upstream_status = 0;  ///< what the server answered; 0: nothing
  std::string error;        ///< empty: none
};
std::string encode(const PromiseFailureAnswer& answer);
Result<PromiseFailureAnswer> decode_promise_failure_answer(std::string_view json);

}  // namespace ostler::wire
