// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/opening.hpp"

#include "store/sqlite/upgrade.hpp"

namespace ostler::store::sqlite {

Result<files::FileLock> lock_directory(const std::filesystem::path& directory) {
  auto lock = files::FileLock::try_acquire(directory / "lock");
  if (!lock && lock.error().code() == Errc::Conflict) {
    return Error(Errc::Conflict, "another hub uses " + directory.string() +
                                     "; stop it, or use another --data-path");
  }
  return lock;
}

Result<Connection> open_writer(const std::filesystem::path& file) {
  OSTLER_TRY(auto database, Connection::open(file, Access::ReadWrite));
  OSTLER_TRY(upgrade(database, file));
  OSTLER_TRY(
      database.run_script("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; "
                          "PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; "
                          "PRAGMA cache_size = -16000;"));
  return database;
}

Result<std::vector<Connection>> open_readers(const std::filesystem::path& file, unsigned count) {
  std::vector<Connection> readers;
  for (unsigned i = 0; i < count; ++i) {
    OSTLER_TRY(auto reader, Connection::open(file, Access::ReadOnly));
    OSTLER_TRY(reader.run_script("PRAGMA temp_store = MEMORY; PRAGMA cache_size = -4000;"));
    readers.push_back(std::move(reader));
  }
  return readers;
}

}  // namespace ostler::store::sqlite
