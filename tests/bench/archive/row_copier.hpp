// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

// Fills the database of a hub that does not run with copies of rows that the hub itself has
// written. Every call ends the program on an error.
namespace ostler::bench {

struct Closed {
  void operator()(sqlite3* database) const;
  void operator()(sqlite3_stmt* statement) const;
};
using Database = std::unique_ptr<sqlite3, Closed>;
using Statement = std::unique_ptr<sqlite3_stmt, Closed>;

/// Made for much that is written once: a power cut costs the file.
Database open_to_fill(const std::filesystem::path& file);
Statement prepare(sqlite3* database, const std::string& sql);
void execute(sqlite3* database, const std::string& sql);
/// Runs it to its end, which has no rows, and makes it ready to run again.
void run_again(sqlite3_stmt* statement);
/// The same with these bytes in its first place.
void run_with(sqlite3_stmt* statement, const std::string& blob);
/// The first column of every row.
std::vector<std::string> column(sqlite3* database, const std::string& sql);

/// Ids in the order of their times, as the hub's own are.
class Ids {
 public:
  std::string next(std::chrono::microseconds time);

 private:
  std::uint64_t count_ = 0;
};

/// Copies rows of one table with other values in some of their columns.
class RowCopier {
 public:
  struct Text {
    std::string value;
  };

  RowCopier(sqlite3* database, const std::string& table, const std::vector<std::string>& changed);

  /// `id` is the row's that is copied; a string is a blob.
  template <class... Values>
  void copy(const std::string& id, const Values&... values) {
    int place = 1;
    bind(place++, id);
    (bind(place++, values), ...);
    run_again(statement_.get());
  }

 private:
  void bind(int place, const std::string& blob);
  void bind(int place, const Text& text);
  void bind(int place, std::int64_t number);

  Statement statement_;
};

}  // namespace ostler::bench
