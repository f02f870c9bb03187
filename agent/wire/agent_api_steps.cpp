// SPDX-License-Identifier: Apache-2.0
#include "wire/agent_api_steps.hpp"

#include <limits>
#include <nlohmann/json.hpp>

#include "wire/json_reader.hpp"

namespace ostler::wire {
namespace {

using nlohmann::json;

constexpr std::int64_t kHighestStatus = std::numeric_limits<int>::max();

}  // namespace

std::string encode(const StepExportRequest& request) {
  json object = json::object();
  put_unless_empty(object, "attribute", request.attribute);
  put_unless_empty(object, "build_id", request.build_id);
  put_unless_empty(object, "format", request.format);
  return to_text(object);
}

Result<StepExportRequest> decode_step_export_request(std::string_view text) {
  constexpr std::string_view kWhat = "step export";
  OSTLER_TRY(const json object, parse_json(text, kWhat));
  ObjectReader reader(object, kWhat);
  StepExportRequest request;
  reader.read("attribute", request.attribute);
  reader.read("build_id", request.build_id);
  reader.read("format", request.format);
  OSTLER_TRY(reader.finish());
  return request;
}

std::string encode_step_output(std::string_view output) { return to_text({{"output", output}}); }

Result<std::string> decode_step_output(std::string_view text) {
  constexpr std::string_view kWhat = "step export answer";
  OSTLER_TRY(const json object, parse_json(text, kWhat));
  ObjectReader reader(object, kWhat);
  std::string output;
  reader.read("output", output);
  OSTLER_TRY(reader.finish());
  return output;
}

Result<std::string> decode_step_outcome(std::string_view text) {
  constexpr std::string_view kWhat = "step";
  OSTLER_TRY(const std::string output, decode_step_output(text));
  OSTLER_TRY(const json object, parse_json(output, kWhat));
  ObjectReader reader(object, kWhat);
  std::string state;
  std::string outcome;
  reader.read("state", state);
  reader.read("outcome", outcome);
  OSTLER_TRY(reader.finish());
  const bool has_outcome = state == "finished" && !outcome.empty() && outcome != "neutral";
  return has_outcome ? outcome : state;
}

std::string encode(const StepUpdateRequest& request) {
  json object = json::object();
  put_unless_empty(object, "idempotency_uuid", request.idempotency_uuid);
  put_unless_empty(object, "build_id", request.build_id);
  put_unless_empty(object, "attribute", request.attribute);
  put_unless_empty(object, "value", request.value);
  if (request.append) object["append"] = true;
  return to_text(object);
}

Result<StepUpdateRequest> decode_step_update_request(std::string_view text) {
  constexpr std::string_view kWhat = "step update";
  OSTLER_TRY(const json object, parse_json(text, kWhat));
  ObjectReader reader(object, kWhat);
  StepUpdateRequest request;
  reader.read("idempotency_uuid", request.idempotency_uuid);
  reader.read("build_id", request.build_id);
  reader.read("attribute", request.attribute);
  reader.read("value", request.value);
  reader.read("append", request.append);
  reader.require(!request.attribute.empty(), "attribute", "a text that is not empty");
  OSTLER_TRY(reader.finish());
  return request;
}

std::string encode(const StepCancelRequest& request) {
  return to_text({{"build_id", request.build_id},
                  {"force", request.force},
                  {"force_grace_period", request.force_grace_period}});
}

Result<StepCancelRequest> decode_step_cancel_request(std::string_view text) {
  constexpr std::string_view kWhat = "step cancel";
  OSTLER_TRY(const json object, parse_json(text, kWhat));
  ObjectReader reader(object, kWhat);
  StepCancelRequest request;
  reader.read("build_id", request.build_id);
  reader.read("force", request.force);
  reader.read("force_grace_period", request.force_grace_period);
  const bool is_sane = request.force_grace_period >= 0 && request.force_grace_period <= 86'400;
  reader.require(is_sane, "force_grace_period", "0 to 86400 seconds");
  OSTLER_TRY(reader.finish());
  return request;
}

std::string encode_canceled(std::string_view uuid) { return to_text({{"uuid", uuid}}); }

std::string encode(const JobUpdateRequest& request) {
  return to_text({{request.attribute, request.value}});
}

Result<JobUpdateRequest> decode_job_update_request(std::string_view text) {
  OSTLER_TRY(const json object, parse_json(text, "job update"));
  if (!object.is_object() || object.size() != 1 || !object.begin()->is_string()) {
    return Error(Errc::Protocol, "job update: expected one attribute with a text");
  }
  return JobUpdateRequest{object.begin().key(), object.begin()->get<std::string>()};
}

std::string encode_updated(std::string_view id) { return to_text({{"id", id}}); }

std::string encode(const PromiseFailureRequest& request) {
  json object = {{"exit_status", request.exit_status}};
  put_unless_empty(object, "reason", request.reason);
  return to_text(object);
}

Result<PromiseFailureRequest> decode_promise_failure_request(std::string_view text) {
  constexpr std::string_view kWhat = "promise of a failure";
  OSTLER_TRY(const json object, parse_json(text, kWhat));
  ObjectReader reader(object, kWhat);
  PromiseFailureRequest request;
  std::int64_t status = 0;
  reader.read("exit_status", status);
  reader.read("reason", request.reason);
  reader.require(status >= 1 && status <= kHighestStatus, "exit_status",
                 "a whole number from 1 on");
  OSTLER_TRY(reader.finish());
  request.exit_status = static_cast<int>(status);
  return request;
}

std::string encode(const PromiseFailureAnswer& answer) {
  json object = {{"outcome", answer.is_first ? "declared" : "debounced"},
                 {"accepted", answer.accepted}};
  if (answer.upstream_status != 0) object["upstream_status"] = answer.upstream_status;
  put_unless_empty(object, "error", answer.error);
  return to_text(object);
}

Result<PromiseFailureAnswer> decode_promise_failure_answer(std::string_view text) {
  constexpr std::string_view kWhat = "answer to the promise of a failure";
  OSTLER_TRY(const json object, parse_json(text, kWhat));
  ObjectReader reader(object, kWhat);
  PromiseFailureAnswer answer;
  std::string outcome;
  std::int64_t status = 0;
  reader.read("outcome", outcome);
  reader.read("accepted", answer.accepted);
  reader.read("upstream_status", status);
  reader.read("error", answer.error);
  OSTLER_TRY(reader.finish());
  answer.is_first = outcome == "declared";
  answer.upstream_status = static_cast<int>(status);
  return answer;
}

}  // namespace ostler::wire
