// SPDX-License-Identifier: Apache-2.0
#include "support/person.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

namespace ostler::support {

ProgramOptions Person::options() const {
  std::string token;
  std::ifstream(hub_.data() / "api-token") >> token;
  const std::string bin = std::filesystem::path(ostler_program()).parent_path();
  return {.environment = {{"OSTLER_URL", hub_.url()},
                          {"OSTLER_ORGANIZATION", "ostler"},
                          {"OSTLER_API_TOKEN", token},
                          {"HOME", directory_.string()},
                          {"XDG_CONFIG_HOME", ""},
                          {"PATH", bin + ":" + std::getenv("PATH")}},
          .directory = directory_};
}

ProgramResult Person::ostler(std::vector<std::string> words) const {
  words.insert(words.begin(), ostler_program());
  return run_program(words, options());
}

std::string Person::said(std::vector<std::string> words) const {
  const auto result = ostler(std::move(words));
  EXPECT_EQ(result.code, 0) << result.err;
  return result.out;
}

ProgramResult Person::shell(const std::string& command) const {
  return run_program({"/bin/bash", "-c", command}, options());
}

}  // namespace ostler::support
