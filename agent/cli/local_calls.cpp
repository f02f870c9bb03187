// SPDX-License-Identifier: Apache-2.0
#include "cli/local_calls.hpp"

#include "environment/variables.hpp"

namespace ostler::cli {

Result<void> check_secret_call(std::string_view what, const std::vector<std::string>& arguments) {
  const bool is_known = what == "get" || what == "protect";
  if (is_known && arguments.size() == 1) return success();
  return Error(Errc::UserFault, "secret has get and protect here, with one argument each");
}

std::vector<std::string> entries_of_process() {
  std::vector<std::string> entries;
  for (const auto& [name, value] : environment::variables_of_process()) {
    entries.push_back(name + "=" + value);
  }
  return entries;
}

}  // namespace ostler::cli
