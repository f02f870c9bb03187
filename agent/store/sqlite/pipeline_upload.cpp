// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <string_view>
#include <utility>

#include "base/utf8.hpp"
#include "store/sqlite/commands.hpp"
#include "store/sqlite/job_moves.hpp"
#include "store/sqlite/queries.hpp"
#include "store/sqlite/rows.hpp"
#include "store/sqlite/upload_insertion.hpp"

namespace ostler::store::sqlite {
namespace {

using model::JobState;
using model::PipelineUploadState;

/// Source: reference/pipeline-yaml.md 24.
constexpr std::int64_t kMostUploadsPerBuild = 500;
constexpr std::size_t kLongestMessage = 16u << 10;
constexpr std::string_view kMore = "\npipeline: and ";

/// Uuids of old rows are as their jobs wrote them.
constexpr std::string_view kFind =
    "SELECT state, message FROM pipeline_uploads WHERE job_id = ? AND uuid = ? COLLATE NOCASE";
constexpr std::string_view kInsert =
    "INSERT INTO pipeline_uploads (build_id, number, job_id, uuid, state, message, env, "
    "created_at, replaces, size, created_jobs) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
constexpr std::string_view kLastNumber =
    "SELECT coalesce(max(number), 0) FROM pipeline_uploads WHERE build_id = ?";

model::PipelineUpload read_upload(Row& row) {
  model::PipelineUpload upload;
  row.take(upload.state, upload.message);
  return upload;
}

Result<std::optional<model::PipelineUpload>> find_upload(Connection& database, JobId job,
                                                         const std::string& uuid) {
  return database.find(kFind, read_upload, job, uuid);
}

Error user_fault(std::string text) { return Error(Errc::UserFault, std::move(text)); }

/// Of lines about one each, the last of which may say how many more there are.
std::size_t count_faults(std::string_view lines) {
  const auto count = static_cast<std::size_t>(std::ranges::count(lines, '\n')) + 1;
  const std::size_t last = lines.rfind(kMore);
  if (last == lines.npos) return count;
  const std::string_view number = lines.substr(last + kMore.size());
  std::size_t more = 0;
  const auto [stop, problem] = std::from_chars(number.data(), number.data() + number.size(), more);
  return problem == std::errc() && stop != number.data() ? count - 1 + more : count;
}

/// Faults are a line each: as many whole ones as there is room for, and how many more there are.
std::string shortened(std::string message) {
  if (message.size() <= kLongestMessage) return message;
  constexpr std::size_t kRoomForCount = 64;
  const std::size_t end = message.rfind('\n', kLongestMessage - kRoomForCount);
  if (end != message.npos) {
    const std::size_t more = count_faults(std::string_view(message).substr(end + 1));
    message.resize(end);
    return message.append(kMore) + std::to_string(more) + " more faults";
  }
  message.resize(valid_utf8_prefix(message.substr(0, kLongestMessage - 3)));
  return message + "...";
}

/// Errors: Conflict.
Result<model::Build> require_running(Connection& database, const JobRow& job) {
  OSTLER_TRY(auto build, load_build(database, job.build));
  const bool is_running = is_with_agent(job.state) && job.state != JobState::Canceling;
  const bool is_going_on = !is_terminal(build.state) && build.state != model::BuildState::Canceling;
  if (is_running && is_going_on) return build;
  return Error(Errc::Conflict, "You can only change the pipeline of a running build: the job is " +
                                   std::string(to_string(job.state)) + ", its build is " +
                                   std::string(to_string(build.state)));
}

/// The upload's number in its build. Errors: UserFault when there were too many.
Result<std::int64_t> next_number(Connection& database, BuildId build) {
  OSTLER_TRY(const auto last, require(database.find(kLastNumber, read_int, build), "build"));
  if (last < kMostUploadsPerBuild) return last + 1;
  return user_fault(
      "this build has had 500 pipeline uploads, which is the most; put several "
      "pipelines into one upload");
}

struct TakenUpload {
  model::PipelineUpload upload;
  std::optional<std::int64_t> created_jobs{};  ///< none: it is rejected
};

TakenUpload rejected(std::string message) {
  return {{PipelineUploadState::Rejected, shortened(std::move(message))}};
}

/// Applies the upload, or says why it is rejected. Other errors are not the upload's fault.
Result<TakenUpload> apply(Connection& database, JobMoves& moves, const UploadPipeline& command,
                          const JobRow& job, PipelineId pipeline) {
  if (!command.fault.empty()) return rejected(command.fault);
  OSTLER_TRY(auto settings, load_pipeline(database, pipeline));
  const auto jobs = insert_upload(database, moves, command, job, std::move(settings));
  if (jobs) return TakenUpload{{}, jobs.value()};
  if (jobs.error().code() != Errc::UserFault) return jobs.error();
  return rejected(jobs.error().message());
}

}  // namespace

Result<PipelineUploadChange> upload_pipeline(Connection& database, const UploadPipeline& command) {
  JobMoves moves(database, command.now);
  OSTLER_TRY(const auto job, moves.load_own(command.job, command.agent));
  OSTLER_TRY(auto known, find_upload(database, command.job, command.uuid));
  if (known) return PipelineUploadChange{std::move(*known), {}};
  OSTLER_TRY(const auto build, require_running(database, job));
  OSTLER_TRY(const auto number, next_number(database, job.build));
  OSTLER_TRY(auto taken, apply(database, moves, command, job, build.pipeline));
  model::PipelineUpload& upload = taken.upload;
  const bool is_applied = upload.state == PipelineUploadState::Applied;
  OSTLER_TRY(database.run(kInsert, job.build, number, command.job, command.uuid, upload.state,
                          upload.message, is_applied ? command.definition.env : model::Variables(),
                          command.now, command.replace, command.size, taken.created_jobs));
  OSTLER_TRY(auto follow_ups, moves.finish());
  return PipelineUploadChange{std::move(upload), std::move(follow_ups)};
}

Result<model::PipelineUpload> load_pipeline_upload(Connection& database, JobId job,
                                                   const std::string& uuid) {
  return require(find_upload(database, job, uuid), "pipeline upload");
}

}  // namespace ostler::store::sqlite
