// SPDX-License-Identifier: Apache-2.0
#include "bench/chain/table.hpp"

#include <algorithm>
#include <cstdio>

namespace ostler::bench {

void row(const std::string& figure, const std::string& first, const std::string& second,
         const std::string& aim) {
  std::printf("%-58s %14s %14s   %s\n", figure.c_str(), first.c_str(), second.c_str(), aim.c_str());
  std::fflush(stdout);
}

void row_of_times(const std::string& figure, std::vector<double> millis, const std::string& aim) {
  std::ranges::sort(millis);
  row(figure, number(millis.front(), "ms"), number(millis[millis.size() / 2], "ms"), aim);
}

double millis_between(std::chrono::steady_clock::time_point from,
                      std::chrono::steady_clock::time_point to) {
  return std::chrono::duration<double, std::milli>(to - from).count();
}

std::string number(double value, const char* unit) {
  char text[64];
  std::snprintf(text, sizeof text, value < 10 ? "%.2f %s" : "%.0f %s", value, unit);
  return text;
}

}  // namespace ostler::bench
