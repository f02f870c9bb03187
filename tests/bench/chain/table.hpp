// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <vector>

// The one table that the benchmarks of the chain print.
namespace ostler::bench {

/// Prints one row: figure, minimum (or best), median, aim.
void row(const std::string& figure, const std::string& first, const std::string& second,
         const std::string& aim);

/// A row of the least of them and their median.
void row_of_times(const std::string& figure, std::vector<double> millis, const std::string& aim);

double millis_between(std::chrono::steady_clock::time_point from,
                      std::chrono::steady_clock::time_point to);

/// "5.81 ms", "138 MB/s".
std::string number(double value, const char* unit);

}  // namespace ostler::bench
