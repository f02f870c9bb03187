// SPDX-License-Identifier: Apache-2.0
#include "cli/local_calls.hpp"

#include "environment/variables.hpp"

namespace ostler::cli {

std::vector<std::string> entries_of_process() {
  std::vector<std::string> entries;
  for (const auto& [name, value] : environment::variables_of_process()) {
    entries.push_back(name + "=" + value);
  }
  return entries;
}

}  // namespace ostler::cli
