// SPDX-License-Identifier: Apache-2.0
#include "agent_client/upload_pipeline.hpp"

#include <strings.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <string_view>

#include "agent_client/path.hpp"
#include "agent_client/status_error.hpp"
#include "base/uuid.hpp"

namespace ostler::agent_client {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view kUploadCall = "pipeline upload";
constexpr int kUnprocessable = 422;
constexpr int kAcceptedForLater = 202;
constexpr milliseconds kFirstLook{1'000};
constexpr milliseconds kNextLook{5'000};
/// A server that asks for more is wrong: the whole upload has five minutes.
constexpr milliseconds kLongestWait{300'000};

std::string_view header_of(const ApiAnswer& answer, std::string_view name) {
  for (const auto& [known, value] : answer.headers) {
    if (known.size() == name.size() && ::strncasecmp(known.data(), name.data(), name.size()) == 0) {
      return value;
    }
  }
  return {};
}

/// Seconds as a decimal number; `otherwise` when the server says nothing that makes sense.
milliseconds retry_after(const ApiAnswer& answer, milliseconds otherwise) {
  const std::string_view text = header_of(answer, "Retry-After");
  double seconds = -1;
  const char* const end = text.data() + text.size();
  const auto [stop, fault] = std::from_chars(text.data(), end, seconds);
  if (fault != std::errc() || stop != end || !(seconds >= 0)) return otherwise;
  const auto most = static_cast<double>(kLongestWait.count());
  return milliseconds(std::llround(std::min(seconds * 1'000, most)));
}

bool is_success(const ApiAnswer& answer) { return answer.status >= 200 && answer.status < 300; }

/// Whether `location` ends a path, or a part of one, with `path`.
bool names(std::string_view location, std::string_view path) {
  const std::size_t at = location.find(path);
  if (at == location.npos) return false;
  const std::string_view rest = location.substr(at + path.size());
  const bool begins_a_part = at == 0 || location[at - 1] == '/';
  return begins_a_part && (rest.empty() || rest[0] == '?' || rest[0] == '#' || rest[0] == '/');
}

class Upload {
 public:
  Upload(Transport& transport, const std::string& job, const wire::PipelineUploadRequest& request,
         const RetryClock& clock)
      : transport_(transport),
        clock_(clock),
        post_{"POST", "jobs/" + path_segment(job) + "/pipelines?async=true", encode(request),
              Uuid::make().str()},
        place_("jobs/" + job + "/pipelines/" + request.uuid),
        get_{"GET", "jobs/" + path_segment(job) + "/pipelines/" + path_segment(request.uuid), "",
             Uuid::make().str()} {}

  Result<void> run() {
    Attempts attempts(policy::kPipelineUpload, jitter);
    const milliseconds begun = clock_.now();
    for (int sequence = 0;; ++sequence) {
      auto answer = transport_.call(numbered(post_, sequence));
      if (answer && is_success(answer.value())) {
        if (answer.value().status != kAcceptedForLater) return success();
        const std::string_view location = header_of(answer.value(), "Location");
        if (!location.empty()) return follow(answer.value(), location);
      }
      const auto wait = attempts.next(failure_of_attempt(answer), clock_.now() - begun);
      if (!wait) return error_of(answer);
      if (attempts.failed() == 1 && clock_.tell) {
        clock_.tell(retry_sentence(answer, policy::kPipelineUpload));
      }
      clock_.sleep(*wait);
    }
  }

 private:
  static ApiCall numbered(ApiCall call, int sequence) {
    call.headers = {{std::string(wire::kBackoffHeader), std::to_string(sequence)}};
    return call;
  }

  static Failure failure_of_attempt(const Result<ApiAnswer>& answer) {
    if (!answer) return failure_of(answer.error());
    if (is_success(answer.value())) return {.status = 0, .retryable = true};
    return failure_of_status(answer.value().status);
  }

  static Error error_of(const Result<ApiAnswer>& answer) {
    if (!answer) return Error(answer.error()).with_context(kUploadCall);
    if (!is_success(answer.value())) {
      return error_of_status(kUploadCall, answer.value().status, answer.value().body);
    }
    return {Errc::Protocol, "pipeline upload: the server does not say where to ask after it"};
  }

  Result<void> follow(const ApiAnswer& accepted, std::string_view location) {
    if (!names(location, place_)) {
      return Error(Errc::Protocol, "pipeline upload: the server answers for another upload: " +
                                       std::string(location));
    }
    milliseconds wait = retry_after(accepted, kFirstLook);
    for (int sequence = 0; sequence < policy::kPipelineUpload.attempts; ++sequence) {
      clock_.sleep(wait);
      const auto answer = transport_.call(numbered(get_, sequence));
      OSTLER_TRY(const bool is_over, look_at(answer));
      if (is_over) return success();
      wait = answer ? retry_after(answer.value(), kNextLook) : kNextLook;
    }
    return Error(Errc::Timeout, "pipeline upload: the server has not taken it in in " +
                                    std::to_string(policy::kPipelineUpload.attempts) +
                                    " looks; the last: " + last_);
  }

  /// Whether the upload is applied; anything but a refusal may still change.
  Result<bool> look_at(const Result<ApiAnswer>& answer) {
    if (!answer) {
      last_ = answer.error().message();
      return false;
    }
    if (answer.value().status == kUnprocessable) {
      return error_of_status(kUploadCall, answer.value().status, answer.value().body);
    }
    if (!is_success(answer.value())) {
      last_ = error_of(answer).message();
      return false;
    }
    const auto status = wire::decode_pipeline_upload_status(answer.value().body);
    if (!status) {
      last_ = status.error().message();
      return false;
    }
    return judge(status.value());
  }

  Result<bool> judge(const wire::PipelineUploadStatus& status) {
    using State = wire::PipelineUploadState;
    switch (status.state) {
      case State::Applied: return true;
      case State::Pending:
      case State::Processing: last_ = "it is waiting there"; return false;
      case State::Rejected:
      case State::Failed:
        return Error(Errc::UserFault, "pipeline upload rejected: " + status.message);
      case State::Other: break;
    }
    return Error(Errc::Protocol, "pipeline upload: the server knows a state that we do not");
  }

  Transport& transport_;
  const RetryClock& clock_;
  ApiCall post_;
  std::string place_;
  ApiCall get_;
  std::string last_;
};

}  // namespace

Result<void> upload_pipeline(Transport& transport, const std::string& job,
                             const wire::PipelineUploadRequest& request, const RetryClock& clock) {
  return Upload(transport, job, request, clock).run();
}

}  // namespace ostler::agent_client
