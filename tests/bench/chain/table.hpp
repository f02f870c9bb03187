// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

// The one table that the benchmarks of the chain print.
namespace ostler::bench {

/// Prints one row: figure, minimum (or best), median, aim.
void row(const std::string& figure, const std::string& first, const std::string& second,
         const std::string& aim);

/// "5.81 ms", "138 MB/s".
std::string number(double value, const char* unit);

}  // namespace ostler::bench
