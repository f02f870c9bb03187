// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/meta_data.hpp"

#include "base/ascii.hpp"
#include "model/branch_head.hpp"
#include "model/told_commit.hpp"
#include "store/sqlite/commands.hpp"
#include "store/sqlite/event_log.hpp"
#include "store/sqlite/queries.hpp"
#include "store/sqlite/rows.hpp"

namespace ostler::store::sqlite {
namespace {

constexpr std::size_t kLongestKey = 1024;
constexpr std::size_t kLongestValue = 100u * 1024;

constexpr std::string_view kSet =
    "INSERT INTO meta_data (build_id, key, value) VALUES (?1, ?2, ?3) "
    "ON CONFLICT (build_id, key) DO UPDATE SET value = ?3";

Result<void> check_length(const std::string& key, const std::string& value) {
  if (key.size() <= kLongestKey && value.size() <= kLongestValue) return success();
  return Error(Errc::UserFault, "meta-data is too long: a key has at most 1 KiB, a value 100 KiB");
}

Result<void> check(const std::string& key, const std::string& value) {
  if (is_blank(key)) return Error(Errc::UserFault, "a meta-data key must not be blank");
  if (is_blank(value)) {
    return Error(Errc::UserFault, "the meta-data value of \"" + key + "\" must not be blank");
  }
  return check_length(key, value);
}

Result<void> require_build(Connection& database, BuildId build) {
  OSTLER_TRY(require(database.find("SELECT 1 FROM builds WHERE id = ?", read_int, build), "build"));
  return success();
}

struct OfCommit {
  std::string commit;
  std::string branch;
  std::string message;

  /// Whether nobody has said what the build is called.
  bool has_no_name() const {
    return message.empty() || message == model::message_until_told({branch, commit});
  }
};

OfCommit read_of_commit(Row& row) {
  OfCommit of;
  row.take(of.commit, of.branch, of.message);
  return of;
}

/// All jobs of a build are of one commit: the one that its first job found under the name that the
/// build was made with. Its message is the build's where that has none of its own.
constexpr std::string_view kResolve =
    "UPDATE builds SET commit_ref = ?2, message = ?3 WHERE id = ?1";

Result<void> resolve_commit(Connection& database, BuildId build, const std::string& text) {
  const auto told = model::told_commit(text);
  if (!told) return success();
  OSTLER_TRY(const auto before,
             require(database.find("SELECT commit_ref, branch, message FROM builds WHERE id = ?",
                                   read_of_commit, build),
                     "build"));
  const bool is_settled = model::is_commit_id(before.commit);
  if (is_settled && before.commit != told->id) return success();
  const bool takes_message = before.has_no_name() && !told->message.empty();
  OSTLER_TRY(
      database.run(kResolve, build, told->id, takes_message ? told->message : before.message));
  return success();
}

/// Whether the meta-data of the commit stays as it is: the build's jobs are of the commit in it.
Result<bool> is_commit_told(Connection& database, BuildId build) {
  OSTLER_TRY(const auto told, load_meta_data(database, build, std::string(model::kToldCommitKey)));
  if (!told || !model::told_commit(*told)) return false;
  OSTLER_TRY(const auto commit,
             require(database.find("SELECT commit_ref FROM builds WHERE id = ?", read_text, build),
                     "build"));
  return model::is_commit_id(commit);
}

std::pair<std::string, std::string> read_item(Row& row) {
  std::pair<std::string, std::string> item;
  row.take(item.first, item.second);
  return item;
}

}  // namespace

Result<void> insert_meta_data(Connection& database, BuildId build, const model::Variables& items) {
  for (const auto& [key, value] : items) {
    OSTLER_TRY(check(key, value));
    OSTLER_TRY(database.run(kSet, build, key, value));
  }
  return success();
}

Result<void> insert_answers(Connection& database, BuildId build, const model::Variables& answers) {
  for (const auto& [key, value] : answers) {
    OSTLER_TRY(check_length(key, value));
    OSTLER_TRY(database.run(kSet, build, key, value));
  }
  return success();
}

Result<void> set_meta_data(Connection& database, const SetMetaData& command) {
  OSTLER_TRY(require_build(database, command.build));
  OSTLER_TRY(const bool is_told, is_commit_told(database, command.build));
  model::Variables items = command.items;
  if (is_told) {
    std::erase_if(items, [](const auto& item) { return item.first == model::kToldCommitKey; });
  }
  OSTLER_TRY(insert_meta_data(database, command.build, items));
  EventLog events(database, command.now);
  for (const auto& [key, value] : items) {
    events.meta_data(command.build, key);
    if (key != model::kToldCommitKey) continue;
    OSTLER_TRY(resolve_commit(database, command.build, value));
  }
  return events.write(command.build);
}

Result<std::optional<std::string>> load_meta_data(Connection& database, BuildId build,
                                                  const std::string& key) {
  OSTLER_TRY(require_build(database, build));
  return database.find("SELECT value FROM meta_data WHERE build_id = ? AND key = ?", read_text,
                       build, key);
}

Result<std::vector<std::string>> list_meta_data_keys(Connection& database, BuildId build) {
  OSTLER_TRY(require_build(database, build));
  return database.list("SELECT key FROM meta_data WHERE build_id = ? ORDER BY key", read_text,
                       build);
}

Result<model::Variables> load_all_meta_data(Connection& database, BuildId build) {
  return database.list("SELECT key, value FROM meta_data WHERE build_id = ? ORDER BY key",
                       read_item, build);
}

}  // namespace ostler::store::sqlite
