// SPDX-License-Identifier: Apache-2.0
#include "files/space_check.hpp"

#include <string>

#include "base/size_text.hpp"
#include "files/disk_space.hpp"

namespace ostler::files {

Result<void> check_space(const std::filesystem::path& directory, std::int64_t bytes) {
  OSTLER_TRY(const auto space, disk_space(directory));
  if (bytes <= space.available) return success();
  return Error(Errc::Unavailable, "this needs " + size_text(static_cast<std::uint64_t>(bytes)) +
                                      " in " + directory.string() + ", where " +
                                      size_text(static_cast<std::uint64_t>(space.available)) +
                                      " are free; make room or choose another place");
}

}  // namespace ostler::files
