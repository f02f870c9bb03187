// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "base/unique_fd.hpp"
#include "files/file_lock.hpp"

namespace ostler::cli {

/// Where what `ostler up` runs keeps its data.
struct UpPlaces {
  std::filesystem::path root;  ///< a private directory

  std::filesystem::path hub() const { return root / "hub"; }
  std::filesystem::path agent() const { return root / "agent"; }
  std::filesystem::path builds() const { return root / "builds"; }
  std::filesystem::path mirrors() const { return root / "mirrors"; }
  std::filesystem::path log() const { return root / "up.log"; }  ///< of one that is detached
  std::filesystem::path lock() const { return root / "up.lock"; }
};

/// Takes the directory for this process, and says so in the lock's file.
/// Errors: Conflict when `ostler up` has it already; Denied when it is not private.
Result<files::FileLock> occupy(const UpPlaces& places);

/// The process that occupies the directory; none when nobody does. What the descriptor names
/// cannot become another process.
Result<std::optional<UniqueFd>> find_occupant(const UpPlaces& places);

}  // namespace ostler::cli
