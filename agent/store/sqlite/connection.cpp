// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/connection.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/assert.hpp"
#include "store/sqlite/gate_text.hpp"
#include "store/sqlite/trigger_text.hpp"

namespace ostler::store::sqlite {
namespace {

/// More statements than the store has texts of its own; only list filters could pass it.
constexpr std::size_t kMostStatements = 512;

std::string text_of(sqlite3_stmt* statement, int column) {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement, column));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
  return bytes ? std::string(bytes, size) : std::string();
}

std::string dump(const nlohmann::json& json) {
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::int64_t read_number(Row& row) {
  std::int64_t number = 0;
  row.take(number);
  return number;
}

Errc classify(int code) {
  switch (code & 0xFF) {
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_NOMEM:
    case SQLITE_CANTOPEN: return Errc::Unavailable;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return Errc::Corrupt;
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_AUTH: return Errc::Denied;
    default: break;
  }
  const bool is_unique = code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY;
  return is_unique ? Errc::Conflict : Errc::Internal;
}

Error error_of(sqlite3* database, int code) {
  const Errc errc = classify(code);
  const bool is_full = (code & 0xFF) == SQLITE_FULL;
  std::string message = is_full ? "database: the disk is full; free some space"
                                : std::string("database: ") + sqlite3_errmsg(database);
  return Error(errc, std::move(message))
      .with_native(code)
      .with_retryable(errc == Errc::Unavailable);
}

}  // namespace

void Row::read(int column, std::int64_t& field) const {
  field = sqlite3_column_int64(statement_, column);
}
void Row::read(int column, int& field) const { field = sqlite3_column_int(statement_, column); }
void Row::read(int column, bool& field) const {
  field = sqlite3_column_int(statement_, column) != 0;
}
void Row::read(int column, std::string& field) const { field = text_of(statement_, column); }
void Row::read(int column, Timestamp& field) const {
  field.micros = sqlite3_column_int64(statement_, column);
}
void Row::read(int column, std::chrono::seconds& field) const {
  field = std::chrono::seconds(sqlite3_column_int64(statement_, column));
}

void Row::read(int column, Uuid& field) {
  const auto* bytes = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_, column));
  if (sqlite3_column_bytes(statement_, column) != 16) {
    has_fault_ = true;
    return;
  }
  std::copy_n(bytes, 16, field.bytes.begin());
}

void Row::read(int column, std::vector<std::string>& field) {
  const auto json = nlohmann::json::parse(text_of(statement_, column), nullptr, false);
  field.clear();
  for (const auto& item : json) {
    if (!item.is_string()) has_fault_ = true;
    if (item.is_string()) field.push_back(item.get<std::string>());
  }
  if (!json.is_array()) has_fault_ = true;
}

void Row::read(int column, model::Variables& field) {
  const auto json = nlohmann::json::parse(text_of(statement_, column), nullptr, false);
  field.clear();
  for (const auto& pair : json) {
    const bool is_pair =
        pair.is_array() && pair.size() == 2 && pair[0].is_string() && pair[1].is_string();
    if (!is_pair) has_fault_ = true;
    if (is_pair) field.emplace_back(pair[0].get<std::string>(), pair[1].get<std::string>());
  }
  if (!json.is_array()) has_fault_ = true;
}

void Row::read(int column, model::Gate& field) {
  auto gate = read_gate(text_of(statement_, column));
  has_fault_ = has_fault_ || !gate;
  if (gate) field = std::move(*gate);
}

void Row::read(int column, model::Trigger& field) {
  auto trigger = read_trigger(text_of(statement_, column));
  has_fault_ = has_fault_ || !trigger;
  if (trigger) field = std::move(*trigger);
}

bool Row::is_null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

void Statement::bind(int place, std::nullopt_t) {
  OSTLER_ASSERT(sqlite3_bind_null(statement_.get(), place) == SQLITE_OK);
}
void Statement::bind(int place, std::int64_t value) {
  OSTLER_ASSERT(sqlite3_bind_int64(statement_.get(), place, value) == SQLITE_OK);
}
void Statement::bind(int place, std::string_view value) {
  // A null pointer would bind NULL.
  const char* text = value.data() ? value.data() : "";
  OSTLER_ASSERT(sqlite3_bind_text64(statement_.get(), place, text, value.size(), SQLITE_STATIC,
                                    SQLITE_UTF8) == SQLITE_OK);
}
void Statement::bind(int place, const Uuid& value) {
  OSTLER_ASSERT(sqlite3_bind_blob(statement_.get(), place, value.bytes.data(), 16, SQLITE_STATIC) ==
                SQLITE_OK);
}
void Statement::bind(int place, const std::vector<std::string>& value) {
  const std::string text = dump(nlohmann::json(value));
  OSTLER_ASSERT(sqlite3_bind_text64(statement_.get(), place, text.data(), text.size(),
                                    SQLITE_TRANSIENT, SQLITE_UTF8) == SQLITE_OK);
}
void Statement::bind(int place, const model::Variables& value) {
  nlohmann::json json = nlohmann::json::array();
  for (const auto& [name, text] : value) json.push_back(nlohmann::json::array({name, text}));
  const std::string text = dump(json);
  OSTLER_ASSERT(sqlite3_bind_text64(statement_.get(), place, text.data(), text.size(),
                                    SQLITE_TRANSIENT, SQLITE_UTF8) == SQLITE_OK);
}

void Statement::bind(int place, const model::Gate& value) {
  const std::string text = gate_text(value);
  OSTLER_ASSERT(sqlite3_bind_text64(statement_.get(), place, text.data(), text.size(),
                                    SQLITE_TRANSIENT, SQLITE_UTF8) == SQLITE_OK);
}

void Statement::bind(int place, const model::Trigger& value) {
  const std::string text = trigger_text(value);
  OSTLER_ASSERT(sqlite3_bind_text64(statement_.get(), place, text.data(), text.size(),
                                    SQLITE_TRANSIENT, SQLITE_UTF8) == SQLITE_OK);
}

Result<bool> Statement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  sqlite3* database = sqlite3_db_handle(statement_.get());
  return error_of(database, sqlite3_extended_errcode(database));
}

void Statement::reset() { sqlite3_reset(statement_.get()); }

void Statement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

Result<Connection> Connection::open(const std::filesystem::path& file, Access access) {
  const int flags = access == Access::ReadWrite ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
                                                : SQLITE_OPEN_READONLY;
  sqlite3* database = nullptr;
  const int code = sqlite3_open_v2(file.c_str(), &database, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  Connection connection(database);
  if (code != SQLITE_OK) return error_of(database, code).with_context("open " + file.string());
  sqlite3_extended_result_codes(database, 1);
  sqlite3_busy_timeout(database, 10'000);
  return connection;
}

Result<void> Connection::run_script(const std::string& sql) {
  const int code = sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return error_of(database_.get(), code);
  return success();
}

Result<void> Connection::copy_into(Connection& copy, const CopyProgress& progress) {
  // A read transaction keeps this database as it is: without one, the first commit of another
  // process would begin the copy anew.
  OSTLER_TRY(run_script("BEGIN; SELECT count(*) FROM sqlite_schema"));
  auto copied = copy_pages(copy, progress);
  OSTLER_TRY(run_script("ROLLBACK"));
  OSTLER_TRY(std::move(copied));
  // One file, without a log beside it.
  return copy.run_script("PRAGMA journal_mode = DELETE");
}

Result<void> Connection::copy_pages(Connection& copy, const CopyProgress& progress) {
  constexpr int kPagesPerStep = 2048;
  OSTLER_TRY(const auto page_size, find("PRAGMA page_size", read_number));
  sqlite3* const target = copy.database_.get();
  sqlite3_backup* const backup = sqlite3_backup_init(target, "main", database_.get(), "main");
  if (backup == nullptr) return error_of(target, sqlite3_extended_errcode(target));
  int code = SQLITE_OK;
  while (code == SQLITE_OK) {
    code = sqlite3_backup_step(backup, kPagesPerStep);
    const std::int64_t total = sqlite3_backup_pagecount(backup);
    const std::int64_t left = sqlite3_backup_remaining(backup);
    progress((total - left) * page_size.value_or(0), total * page_size.value_or(0));
  }
  sqlite3_backup_finish(backup);
  if (code != SQLITE_DONE) return error_of(target, code);
  return success();
}

Result<Statement*> Connection::prepare(std::string_view sql) {
  const std::string text(sql);
  if (const auto known = statements_.find(text); known != statements_.end()) return &known->second;
  if (statements_.size() >= kMostStatements) statements_.clear();
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(database_.get(), text.data(), static_cast<int>(text.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  OSTLER_ASSERT(code != SQLITE_ERROR && code != SQLITE_MISUSE);
  if (code != SQLITE_OK) return error_of(database_.get(), code);
  return &statements_.emplace(text, Statement(statement)).first->second;
}

std::vector<std::string> Connection::prepared_texts() const {
  std::vector<std::string> texts;
  for (const auto& [text, statement] : statements_) texts.push_back(text);
  return texts;
}

bool Connection::in_transaction() const { return sqlite3_get_autocommit(database_.get()) == 0; }

void Connection::Close::operator()(sqlite3* database) const { sqlite3_close_v2(database); }

std::int64_t Connection::changes() const { return sqlite3_changes64(database_.get()); }

Error Connection::damaged(std::string_view sql) {
  return Error(Errc::Corrupt, "database: a stored value cannot be read, by " + std::string(sql));
}

}  // namespace ostler::store::sqlite
