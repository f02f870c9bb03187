// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/uuid.hpp"
#include "model/gate.hpp"
#include "model/pipeline_definition.hpp"

struct sqlite3;
struct sqlite3_stmt;

// SQLite behind three small types: a connection, a prepared statement, a row.
namespace ostler::store::sqlite {

/// Reads one row's columns from left to right into model values.
class Row {
 public:
  explicit Row(sqlite3_stmt* statement) : statement_(statement) {}

  /// Fills the fields with the next columns. A column that cannot be read leaves a fault.
  template <class... Fields>
  void take(Fields&... fields) {
    (read(at_++, fields), ...);
  }
  bool has_fault() const { return has_fault_; }

 private:
  void read(int column, std::int64_t& field) const;
  void read(int column, int& field) const;
  void read(int column, bool& field) const;
  void read(int column, std::string& field) const;
  void read(int column, Timestamp& field) const;
  void read(int column, std::chrono::seconds& field) const;
  void read(int column, Uuid& field);
  void read(int column, std::vector<std::string>& field);
  void read(int column, model::Variables& field);
  void read(int column, model::Gate& field);
  void read(int column, model::Trigger& field);
  template <class Kind>
  void read(int column, Id<Kind>& field) {
    read(column, field.uuid);
  }
  template <class Enum>
    requires std::is_enum_v<Enum>
  void read(int column, Enum& field) const {
    std::int64_t number = 0;
    read(column, number);
    field = static_cast<Enum>(number);
  }
  template <class T>
  void read(int column, std::optional<T>& field) {
    if (is_null(column)) {
      field.reset();
    } else {
      read(column, field.emplace());
    }
  }
  bool is_null(int column) const;

  sqlite3_stmt* statement_;
  int at_ = 0;
  bool has_fault_ = false;
};

/// A prepared statement. Bound texts and blobs must outlive the execution.
class Statement {
 public:
  explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}

  template <class... Values>
  void bind_all(const Values&... values) {
    int place = 1;
    (bind(place++, values), ...);
  }
  void bind(int place, std::nullopt_t);
  void bind(int place, std::int64_t value);
  void bind(int place, int value) { bind(place, std::int64_t{value}); }
  void bind(int place, bool value) { bind(place, std::int64_t{value ? 1 : 0}); }
  void bind(int place, std::string_view value);
  void bind(int place, const std::string& value) { bind(place, std::string_view(value)); }
  void bind(int place, const char* value) { bind(place, std::string_view(value)); }
  void bind(int place, Timestamp value) { bind(place, value.micros); }
  void bind(int place, std::chrono::seconds value) { bind(place, std::int64_t{value.count()}); }
  void bind(int place, const Uuid& value);
  void bind(int place, const std::vector<std::string>& value);
  void bind(int place, const model::Variables& value);
  void bind(int place, const model::Gate& value);
  void bind(int place, const model::Trigger& value);
  template <class Kind>
  void bind(int place, const Id<Kind>& value) {
    bind(place, value.uuid);
  }
  template <class Enum>
    requires std::is_enum_v<Enum>
  void bind(int place, Enum value) {
    bind(place, static_cast<std::int64_t>(value));
  }
  template <class T>
  void bind(int place, const std::optional<T>& value) {
    if (value) {
      bind(place, *value);
    } else {
      bind(place, std::nullopt);
    }
  }
  template <class T>
  void bind(int, const T*) = delete;

  /// Whether there is a row now. Errors: see `Connection`.
  Result<bool> step();
  Row row() const { return Row(statement_.get()); }
  /// Ready for another execution, holding no read transaction.
  void reset();

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

/// Resets a statement when its use is over.
class StatementUse {
 public:
  explicit StatementUse(Statement& statement) : statement_(statement) {}
  StatementUse(const StatementUse&) = delete;
  StatementUse& operator=(const StatementUse&) = delete;
  ~StatementUse() { statement_.reset(); }

 private:
  Statement& statement_;
};

enum class Access { ReadWrite, ReadOnly };

/// Hears how many bytes of how many have been copied.
using CopyProgress = std::function<void(std::int64_t done, std::int64_t total)>;

/// One connection to a database with its prepared statements. Used by one thread at a time.
///
/// Errors of everything that runs SQL: Unavailable (retryable) when the disk is full, cannot be
/// written or is busy; Corrupt when the file is damaged; Conflict when a UNIQUE rule is broken;
/// else Internal. SQL that does not compile is a broken invariant.
class Connection {
 public:
  static Result<Connection> open(const std::filesystem::path& file, Access access);

  /// Runs statements without parameters and results, separated by ";".
  Result<void> run_script(const std::string& sql);

  /// Makes `copy`, an empty database, equal to what this one is now, and safe on the disk. Others
  /// may write to this one meanwhile; they do not wait. Requires: no transaction is open.
  Result<void> copy_into(Connection& copy, const CopyProgress& progress);

  /// Runs one statement; the number of rows that it changed.
  template <class... Values>
  Result<std::int64_t> run(std::string_view sql, const Values&... values) {
    OSTLER_TRY(Statement* const statement, prepare(sql));
    const StatementUse use(*statement);
    statement->bind_all(values...);
    OSTLER_TRY(statement->step());
    return changes();
  }

  /// The first row as `read` makes it; none when there is no row.
  template <class Read, class... Values>
  auto find(std::string_view sql, Read&& read, const Values&... values)
      -> Result<std::optional<std::invoke_result_t<Read, Row&>>> {
    using T = std::invoke_result_t<Read, Row&>;
    OSTLER_TRY(Statement* const statement, prepare(sql));
    const StatementUse use(*statement);
    statement->bind_all(values...);
    OSTLER_TRY(const bool has_row, statement->step());
    if (!has_row) return std::optional<T>();
    Row row = statement->row();
    std::optional<T> value(read(row));
    if (row.has_fault()) return damaged(sql);
    return value;
  }

  /// Every row as `read` makes it.
  template <class Read, class... Values>
  auto list(std::string_view sql, Read&& read, const Values&... values)
      -> Result<std::vector<std::invoke_result_t<Read, Row&>>> {
    OSTLER_TRY(Statement* const statement, prepare(sql));
    const StatementUse use(*statement);
    statement->bind_all(values...);
    return rows(*statement, sql, read);
  }

  /// The rows of a statement that the caller has bound.
  template <class Read>
  auto rows(Statement& statement, std::string_view sql, Read&& read)
      -> Result<std::vector<std::invoke_result_t<Read, Row&>>> {
    std::vector<std::invoke_result_t<Read, Row&>> values;
    while (true) {
      OSTLER_TRY(const bool has_row, statement.step());
      if (!has_row) return values;
      Row row = statement.row();
      values.push_back(read(row));
      if (row.has_fault()) return damaged(sql);
    }
  }

  /// The prepared statement of `sql`, reset; kept for the next use of the same text.
  /// Requires: no other statement of this connection is in use.
  Result<Statement*> prepare(std::string_view sql);

  /// The texts of the statements that are prepared now.
  std::vector<std::string> prepared_texts() const;

  /// Whether a transaction is open. SQLite ends one by itself on some errors.
  bool in_transaction() const;

 private:
  struct Close {
    void operator()(sqlite3* database) const;
  };
  explicit Connection(sqlite3* database) : database_(database) {}
  Result<void> copy_pages(Connection& copy, const CopyProgress& progress);
  std::int64_t changes() const;
  static Error damaged(std::string_view sql);

  std::unique_ptr<sqlite3, Close> database_;
  std::unordered_map<std::string, Statement> statements_;
};

}  // namespace ostler::store::sqlite
