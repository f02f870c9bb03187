// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "store/sqlite/database_file.hpp"

// The logs and artifacts of which a hub's database speaks, as files.
namespace ostler::hub {

/// Hears how far something long has come: "copying files", bytes done, bytes in all.
using Progress = std::function<void(std::string_view what, std::int64_t done, std::int64_t total)>;

/// What is wrong with logs and artifacts, a line each.
struct BlobFaults {
  static constexpr std::size_t kMostLines = 100;

  std::int64_t count = 0;
  std::vector<std::string> lines;  ///< the first of them
  void add(std::string line);
};

/// Looks at every file of which the database speaks: whether it is there, and has the right size.
Result<BlobFaults> check_blobs(store::DatabaseFile& database, const std::filesystem::path& blobs,
                               const Progress& progress);

/// Copies them from one directory of blobs to another one, which is empty. What is missing or of
/// the wrong size is a fault in the result, and is not copied.
Result<BlobFaults> copy_blobs(store::DatabaseFile& database, const std::filesystem::path& from,
                              const std::filesystem::path& to, const Progress& progress);

}  // namespace ostler::hub
