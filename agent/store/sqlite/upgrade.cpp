// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/upgrade.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "files/space_check.hpp"
#include "store/folder.hpp"
#include "store/sqlite/rows.hpp"
#include "store/sqlite/schema.hpp"

namespace ostler::store::sqlite {
namespace {

namespace fs = std::filesystem;

std::string copy_prefix(const fs::path& file) { return file.filename().string() + ".version-"; }

/// The versions of which there are copies, the newest first.
std::vector<std::int64_t> copied_versions(const fs::path& file) {
  const std::string prefix = copy_prefix(file);
  std::vector<std::int64_t> versions;
  std::error_code ec;
  for (const auto& entry : fs::directory_iterator(file.parent_path(), ec)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(prefix)) continue;
    std::int64_t version = 0;
    const char* const end = name.data() + name.size();
    const auto [stop, fault] = std::from_chars(name.data() + prefix.size(), end, version);
    if (fault == std::errc() && stop == end) versions.push_back(version);
  }
  std::ranges::sort(versions, std::greater());
  return versions;
}

Result<void> remove_old_copies(const fs::path& file) {
  const auto versions = copied_versions(file);
  for (std::size_t at = kUpgradeCopies; at < versions.size(); ++at) {
    const fs::path old = file.parent_path() / (copy_prefix(file) + std::to_string(versions[at]));
    std::error_code ec;
    fs::remove(old, ec);
    if (ec) return Error::from_errno(ec.value(), "remove " + old.string());
  }
  return success();
}

/// For the copy, and for what the new version may write.
Result<void> check_room(Connection& database, const fs::path& directory) {
  OSTLER_TRY(const auto pages, require(database.find("PRAGMA page_count", read_int), "size"));
  OSTLER_TRY(const auto page, require(database.find("PRAGMA page_size", read_int), "size"));
  return files::check_space(directory, 2 * pages * page);
}

/// Under another name until it is whole.
Result<void> copy_beside(Connection& database, const fs::path& copy) {
  const fs::path partial = copy.string() + ".partial";
  std::error_code ec;
  fs::remove(partial, ec);  // of one that was killed: first, for the room it takes
  OSTLER_TRY(check_room(database, copy.parent_path()));
  {
    OSTLER_TRY(auto target, Connection::open(partial, Access::ReadWrite));
    if (auto copied = database.copy_into(target, [](std::int64_t, std::int64_t) {}); !copied) {
      fs::remove(partial, ec);
      return copied;
    }
  }
  if (::rename(partial.c_str(), copy.c_str()) != 0) return path_error("rename", partial);
  return sync_folder(copy.parent_path());
}

}  // namespace

Result<void> upgrade(Connection& database, const fs::path& file) {
  OSTLER_TRY(const auto version,
             require(database.find("PRAGMA user_version", read_int), "version"));
  const auto newest = static_cast<std::int64_t>(migrations().size());
  if (version > 0 && version < newest) {
    OSTLER_TRY(check_is_store(database));
    const fs::path copy = file.parent_path() / (copy_prefix(file) + std::to_string(version));
    if (auto copied = copy_beside(database, copy); !copied) {
      return std::move(copied).error().with_context("copy before the upgrade to version " +
                                                    std::to_string(newest));
    }
  }
  OSTLER_TRY(migrate(database));
  return remove_old_copies(file);
}

}  // namespace ostler::store::sqlite
