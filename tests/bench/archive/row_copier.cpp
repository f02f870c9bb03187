// SPDX-License-Identifier: Apache-2.0
#include "bench/archive/row_copier.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace ostler::bench {
namespace {

void check(sqlite3* database, bool succeeded, const std::string& what) {
  if (succeeded) return;
  std::fprintf(stderr, "%s: %s\n", what.c_str(), ::sqlite3_errmsg(database));
  std::exit(1);
}

void bind_blob(sqlite3_stmt* statement, int place, const std::string& blob) {
  ::sqlite3_bind_blob(statement, place, blob.data(), static_cast<int>(blob.size()),
                      SQLITE_TRANSIENT);
}

void put(std::string& id, std::size_t from, std::size_t size, std::uint64_t value) {
  for (std::size_t i = 0; i < size; ++i) {
    id[from + size - 1 - i] = static_cast<char>(value & 0xff);
    value >>= 8;
  }
}

}  // namespace

void Closed::operator()(sqlite3* database) const { ::sqlite3_close(database); }
void Closed::operator()(sqlite3_stmt* statement) const { ::sqlite3_finalize(statement); }

Database open_to_fill(const std::filesystem::path& file) {
  sqlite3* opened = nullptr;
  const bool is_open = ::sqlite3_open(file.c_str(), &opened) == SQLITE_OK;
  Database database(opened);
  check(opened, is_open, file.string());
  execute(opened, "PRAGMA synchronous = OFF");
  execute(opened, "PRAGMA cache_size = -2000000");
  return database;
}

Statement prepare(sqlite3* database, const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  check(database, ::sqlite3_prepare_v2(database, sql.c_str(), -1, &statement, nullptr) == SQLITE_OK,
        sql);
  return Statement(statement);
}

void execute(sqlite3* database, const std::string& sql) {
  check(database, ::sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK,
        sql);
}

void run_again(sqlite3_stmt* statement) {
  const bool is_done =
      ::sqlite3_step(statement) == SQLITE_DONE && ::sqlite3_reset(statement) == SQLITE_OK;
  check(::sqlite3_db_handle(statement), is_done, ::sqlite3_sql(statement));
}

void run_with(sqlite3_stmt* statement, const std::string& blob) {
  bind_blob(statement, 1, blob);
  run_again(statement);
}

std::vector<std::string> column(sqlite3* database, const std::string& sql) {
  const Statement statement = prepare(database, sql);
  std::vector<std::string> values;
  while (::sqlite3_step(statement.get()) == SQLITE_ROW) {
    const void* data = ::sqlite3_column_blob(statement.get(), 0);
    const auto size = static_cast<std::size_t>(::sqlite3_column_bytes(statement.get(), 0));
    values.emplace_back(static_cast<const char*>(data), size);
  }
  return values;
}

std::string Ids::next(std::chrono::microseconds time) {
  std::string id(16, '\0');
  put(id, 0, 6, static_cast<std::uint64_t>(time.count() / 1000));
  put(id, 6, 10, ++count_);
  id[6] = '\x70';
  id[8] = '\x80';
  return id;
}

RowCopier::RowCopier(sqlite3* database, const std::string& table,
                     const std::vector<std::string>& changed) {
  std::string columns;
  std::string values;
  for (const auto& name : column(database, "SELECT name FROM pragma_table_info('" + table + "')")) {
    columns += (columns.empty() ? "" : ", ") + name;
    values += values.empty() ? "" : ", ";
    const auto at = std::ranges::find(changed, name);
    values += at == changed.end() ? name : "?" + std::to_string(at - changed.begin() + 2);
  }
  statement_ = prepare(database, "INSERT INTO " + table + " (" + columns + ") SELECT " + values +
                                     " FROM " + table + " WHERE id = ?1");
}

void RowCopier::bind(int place, const std::string& blob) {
  bind_blob(statement_.get(), place, blob);
}

void RowCopier::bind(int place, const Text& text) {
  ::sqlite3_bind_text(statement_.get(), place, text.value.data(),
                      static_cast<int>(text.value.size()), SQLITE_TRANSIENT);
}

void RowCopier::bind(int place, std::int64_t number) {
  ::sqlite3_bind_int64(statement_.get(), place, number);
}

}  // namespace ostler::bench
