// SPDX-License-Identifier: Apache-2.0
#include "wire/rest_event.hpp"

#include "wire/end_cause.hpp"
#include "wire/rest_build.hpp"
#include "wire/rest_job.hpp"
#include "wire/rest_json.hpp"

namespace ostler::wire {
namespace {

using model::BuildEventKind;

std::string_view change_of(BuildEventKind kind) {
  switch (kind) {
    case BuildEventKind::JobCreated: return "created";
    case BuildEventKind::JobRemoved:
    case BuildEventKind::AnnotationRemoved:
    case BuildEventKind::ArtifactRemoved: return "removed";
    default: return "updated";
  }
}

std::string encode_agent(const model::JobEventSubject& subject) {
  if (!subject.job.agent) return "null";
  return JsonObjectText()
      .text("id", subject.job.agent->str())
      .text_or_null("name", subject.agent_name)
      .finish();
}

std::string encode_triggered_build(const std::optional<model::TriggeredBuild>& build) {
  if (!build) return "null";
  return JsonObjectText()
      .text("id", build->id.str())
      .number("number", build->number)
      .text("pipeline", build->pipeline)
      .text("state", rest_build_state(build->state))
      .finish();
}

std::string encode(const model::JobEventSubject& subject) {
  const model::Job& job = subject.job;
  const bool is_trigger = job.step.kind == model::StepKind::Trigger;
  JsonObjectText object;
  object.text("id", job.id.str())
      .text("type", rest_job_type(job.step.kind))
      .text_or_null("name", job.step.label)
      .text_or_null("step_key", job.step.key)
      .text("state", rest_job_state(job))
      .flag("soft_failed", job.soft_failed)
      .number("exit_status", job.outcome && !is_trigger
                                 ? std::optional<std::int64_t>(job.outcome->exit_status)
                                 : std::nullopt)
      .text_or_null("signal", job.outcome ? job.outcome->signal : "")
      .text_or_null("signal_reason", job.outcome ? job.outcome->signal_reason : "")
      .text_or_null("end_cause", job.outcome ? end_cause_word(job.outcome->end_cause) : "");
  if (is_trigger) {
    object.raw("triggered_build", encode_triggered_build(job.triggered))
        .text_or_null("trigger_error", job.trigger_fault);
  }
  if (job.promised_failure) {
    object.raw("promised_failure", encode_promised_failure(*job.promised_failure));
  }
  return object.raw("agent", encode_agent(subject))
      .flag("retried", job.attempt.retried_in.has_value())
      .text_or_null("retried_in_job_id",
                    job.attempt.retried_in ? job.attempt.retried_in->str() : "")
      .text_or_null("retry_source_job_id", job.attempt.source ? job.attempt.source->str() : "")
      .finish();
}

std::string encode(const model::AnnotationEventSubject& annotation) {
  return JsonObjectText()
      .text("id", annotation.id.str())
      .text("context", annotation.context)
      .text("scope", annotation.job ? "job" : "build")
      .text_or_null("job_id", annotation.job ? annotation.job->str() : "")
      .finish();
}

std::string encode(const model::ArtifactEventSubject& artifact) {
  return JsonObjectText()
      .text("id", artifact.id.str())
      .text("job_id", artifact.job.str())
      .text("state", to_string(artifact.state))
      .text_or_null("path", artifact.path)
      .number("file_size", artifact.file_size)
      .finish();
}

std::string encode(const model::MetaDataEventSubject& datum) {
  return JsonObjectText().text("key", datum.key).finish();
}

std::string encode(model::BuildState state) {
  return JsonObjectText().text("state", rest_build_state(state)).finish();
}

}  // namespace

std::string_view rest_event_name(const model::BuildEvent& event) {
  switch (event.kind) {
    case BuildEventKind::BuildChanged: return "build";
    case BuildEventKind::JobCreated:
    case BuildEventKind::JobChanged:
    case BuildEventKind::JobRemoved: return "job";
    case BuildEventKind::AnnotationChanged:
    case BuildEventKind::AnnotationRemoved: return "annotation";
    case BuildEventKind::ArtifactChanged:
    case BuildEventKind::ArtifactRemoved: return "artifact";
    case BuildEventKind::MetaDataSet: break;
  }
  return "meta_data";
}

std::string encode_rest_event(const model::BuildEvent& event) {
  const std::string subject =
      std::visit([](const auto& of_kind) { return encode(of_kind); }, event.subject);
  return JsonObjectText()
      .number("id", event.number)
      .time("at", event.at)
      .text("change", change_of(event.kind))
      .raw(rest_event_name(event), subject)
      .finish();
}

std::string encode_rest_events_end(model::BuildState state) {
  return JsonObjectText().raw("build", encode(state)).finish();
}

std::string encode_rest_log_event(std::int64_t offset, std::string_view json_text) {
  return JsonObjectText().number("offset", offset).raw("text", json_text).finish();
}

std::string encode_rest_log_end(std::int64_t size) {
  return JsonObjectText().number("size", size).finish();
}

}  // namespace ostler::wire
