// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "support/running_hub.hpp"

namespace ostler::bench {

/// What a client of REST waits for: milliseconds of so many reads, one after the other, each on a
/// connection of its own. `path` is what follows /v2; `headers` are name and value.
struct LogRead {
  std::string path;
  std::vector<std::pair<std::string, std::string>> headers{};
  bool ends_at_first_byte = false;  ///< else the whole answer is read
};
std::vector<double> times_of(const support::RunningHub& hub, const LogRead& read, int count);

}  // namespace ostler::bench
