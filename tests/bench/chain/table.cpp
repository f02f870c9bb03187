// SPDX-License-Identifier: Apache-2.0
#include "bench/chain/table.hpp"

#include <cstdio>

namespace ostler::bench {

void row(const std::string& figure, const std::string& first, const std::string& second,
         const std::string& aim) {
  std::printf("%-58s %14s %14s   %s\n", figure.c_str(), first.c_str(), second.c_str(), aim.c_str());
  std::fflush(stdout);
}

std::string number(double value, const char* unit) {
  char text[64];
  std::snprintf(text, sizeof text, value < 10 ? "%.2f %s" : "%.0f %s", value, unit);
  return text;
}

}  // namespace ostler::bench
