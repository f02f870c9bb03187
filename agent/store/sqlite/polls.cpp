// SPDX-License-Identifier: Apache-2.0
#include "store/polls.hpp"

#include <map>

#include "store/sqlite/commands.hpp"
#include "store/sqlite/queries.hpp"
#include "store/sqlite/rows.hpp"

namespace ostler::store::sqlite {
namespace {

constexpr std::string_view kSet =
    "UPDATE pipelines SET poll_seconds = ?2, poll_due = ?3, poll_failures = 0 WHERE id = ?1";
constexpr std::string_view kForget = "UPDATE pipelines SET poll_seen = 0 WHERE id = ?";
constexpr std::string_view kForgetHeads = "DELETE FROM polled_heads WHERE pipeline_id = ?";
constexpr std::string_view kDue =
    "SELECT id, repository, poll_seconds, poll_failures FROM pipelines "
    "WHERE poll_seconds IS NOT NULL AND poll_due <= ?1 AND archived_at IS NULL ORDER BY poll_due "
    "LIMIT ?2";
constexpr std::string_view kSeen =
    "SELECT poll_seen FROM pipelines WHERE id = ? AND poll_seconds IS NOT NULL "
    "AND archived_at IS NULL";
constexpr std::string_view kLooked =
    "UPDATE pipelines SET poll_seen = 1, poll_failures = 0, poll_due = ?2 WHERE id = ?1";
constexpr std::string_view kFailed =
    "UPDATE pipelines SET poll_failures = poll_failures + 1, poll_due = ?2 "
    "WHERE id = ?1 AND poll_seconds IS NOT NULL";
constexpr std::string_view kHeads =
    "SELECT branch, commit_id FROM polled_heads WHERE pipeline_id = ?";
constexpr std::string_view kKeepHead =
    "INSERT INTO polled_heads (pipeline_id, branch, commit_id) VALUES (?1, ?2, ?3) "
    "ON CONFLICT (pipeline_id, branch) DO UPDATE SET commit_id = excluded.commit_id";
constexpr std::string_view kDropHead =
    "DELETE FROM polled_heads WHERE pipeline_id = ? AND branch = ?";
constexpr std::string_view kBuilt =
    "SELECT 1 FROM builds WHERE commit_ref = ?3 AND branch = ?2 AND pipeline_id = ?1 LIMIT 1";

DuePoll read_due(Row& row) {
  DuePoll due;
  row.take(due.pipeline, due.repository, due.seconds, due.failures);
  return due;
}

model::BranchHead read_head(Row& row) {
  model::BranchHead head;
  row.take(head.branch, head.commit);
  return head;
}

/// Compares a listing with what is known, head by head.
class Comparison {
 public:
  Comparison(Connection& database, PipelineId pipeline, bool is_first)
      : database_(database), pipeline_(pipeline) {
    taken_.is_first = is_first;
  }

  Result<TakenHeads> run(const std::vector<model::BranchHead>& heads) {
    OSTLER_TRY(const auto known, database_.list(kHeads, read_head, pipeline_));
    for (const model::BranchHead& head : known) known_.emplace(head.branch, head.commit);
    for (const model::BranchHead& head : heads) {
      OSTLER_TRY(take(head));
    }
    for (const auto& [branch, commit] : known_) {
      OSTLER_TRY(database_.run(kDropHead, pipeline_, branch));
    }
    return std::move(taken_);
  }

 private:
  Result<void> take(const model::BranchHead& head) {
    const auto before = known_.find(head.branch);
    const bool is_same = before != known_.end() && before->second == head.commit;
    if (before != known_.end()) known_.erase(before);
    if (is_same) return success();
    OSTLER_TRY(const auto built,
               database_.find(kBuilt, read_int, pipeline_, head.branch, head.commit));
    if (taken_.is_first || built) {
      OSTLER_TRY(database_.run(kKeepHead, pipeline_, head.branch, head.commit));
      return success();
    }
    taken_.fresh.push_back(head);
    return success();
  }

  Connection& database_;
  const PipelineId pipeline_;
  std::map<std::string, std::string> known_;  ///< those that the listing has not named yet
  TakenHeads taken_;
};

}  // namespace

Result<model::Pipeline> set_poll(Connection& database, const SetPoll& command) {
  const std::optional<Timestamp> due = command.seconds ? std::optional(command.now) : std::nullopt;
  OSTLER_TRY(database.run(kSet, command.pipeline, command.seconds, due));
  if (!command.seconds) {
    OSTLER_TRY(database.run(kForget, command.pipeline));
    OSTLER_TRY(database.run(kForgetHeads, command.pipeline));
  }
  return load_pipeline(database, command.pipeline);
}

Result<std::vector<DuePoll>> list_due_polls(Connection& database, Timestamp now,
                                            std::int64_t limit) {
  return database.list(kDue, read_due, now, limit);
}

Result<TakenHeads> take_heads(Connection& database, const TakeHeads& command) {
  OSTLER_TRY(const auto seen, require(database.find(kSeen, read_int, command.pipeline),
                                      "pipeline that is looked at"));
  OSTLER_TRY(auto taken, Comparison(database, command.pipeline, seen == 0).run(command.heads));
  OSTLER_TRY(database.run(kLooked, command.pipeline, command.next));
  return taken;
}

Result<void> pass_head(Connection& database, const PassHead& command) {
  OSTLER_TRY(
      require(database.find(kSeen, read_int, command.pipeline), "pipeline that is looked at"));
  OSTLER_TRY(database.run(kKeepHead, command.pipeline, command.head.branch, command.head.commit));
  return success();
}

Result<void> begin_polled_build(Connection& database, const PassHead& command) {
  OSTLER_TRY(const auto built, database.find(kBuilt, read_int, command.pipeline,
                                             command.head.branch, command.head.commit));
  if (built) return Error(Errc::Conflict, "this commit was built on its branch already");
  return pass_head(database, command);
}

Result<void> postpone_poll(Connection& database, const PostponePoll& command) {
  OSTLER_TRY(database.run(kFailed, command.pipeline, command.next));
  return success();
}

}  // namespace ostler::store::sqlite
