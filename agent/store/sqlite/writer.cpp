// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/writer.hpp"

namespace ostler::store::sqlite {
namespace {

/// Bounds how long the first command of a group waits for the last.
constexpr std::size_t kMostPerCommit = 512;

}  // namespace

Writer::Writer(Connection database, BlobStore& blobs, TaskQueue& queue, WorkDone& done)
    : database_(std::move(database)), blobs_(blobs), queue_(queue), done_(done), thread_([this] {
        serve();
      }) {}

Writer::~Writer() { thread_.join(); }

void Writer::serve() {
  while (true) {
    Group group = queue_.take(kMostPerCommit);
    if (group.empty()) return;
    commit_group(group);
    for (const auto& task : group) task->complete();
  }
}

void Writer::commit_group(Group& group) {
  const auto committed = run_in_one_transaction(group);
  if (committed) return;
  roll_back();
  if (group.size() == 1) {
    group.front()->fail(committed.error());
    return;
  }
  // What made the group fail may be the fault of one command, such as the one that does not fit
  // on the disk any more: each gets its own chance.
  for (const auto& task : group) commit_one(*task);
}

void Writer::commit_one(Task& task) {
  auto committed = database_.run("BEGIN IMMEDIATE");
  if (committed) {
    task.run(database_);
    if (task.has_failed()) {
      roll_back();
      return;
    }
    if (auto result = commit(1); !result) committed = result.error();
  }
  if (committed) return;
  roll_back();
  task.fail(committed.error());
}

Result<void> Writer::run_in_one_transaction(Group& group) {
  OSTLER_TRY(database_.run("BEGIN IMMEDIATE"));
  for (const auto& task : group) {
    OSTLER_TRY(run_in_savepoint(*task));
  }
  return commit(group.size());
}

Result<void> Writer::run_in_savepoint(Task& task) {
  OSTLER_TRY(database_.run("SAVEPOINT command"));
  task.run(database_);
  if (!database_.in_transaction()) {
    return Error(Errc::Unavailable, "database: the transaction was rolled back")
        .with_retryable(true);
  }
  if (task.has_failed()) {
    OSTLER_TRY(database_.run("ROLLBACK TO command"));
  }
  OSTLER_TRY(database_.run("RELEASE command"));
  return success();
}

Result<void> Writer::commit(std::size_t commands) {
  OSTLER_TRY(blobs_.sync());
  OSTLER_TRY(database_.run("COMMIT"));
  ++done_.commits;
  done_.commands += static_cast<std::int64_t>(commands);
  return success();
}

void Writer::roll_back() {
  // Fails when SQLite has rolled back already, which is as well.
  if (database_.in_transaction()) static_cast<void>(database_.run("ROLLBACK"));
}

}  // namespace ostler::store::sqlite
