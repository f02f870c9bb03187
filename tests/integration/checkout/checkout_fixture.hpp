// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "support/child_program.hpp"
#include "support/temp_directory.hpp"

namespace ostler {

/// A repository made with git, and the built job-checkout run on it as the worker runs it.
class CheckoutTest : public testing::Test {
 protected:
  using Variables = std::map<std::string, std::string>;

  struct Outcome {
    int code = -1;
    std::string log;
    std::string commit;  ///< from the result on descriptor 4
    std::string mirror;
  };

  CheckoutTest();

  /// Runs git in `directory` (the source when empty) and returns what it printed, trimmed.
  std::string git(std::vector<std::string> arguments,
                  const std::filesystem::path& directory = {}) const;
  void write(const std::filesystem::path& file, const std::string& content) const;
  std::string read(const std::filesystem::path& file) const;
  /// Commits all of the source and returns the id.
  std::string commit(const std::string& message) const;

  /// A job's variables: main at HEAD, changed by `more`.
  support::ProgramOptions job(const Variables& more = {}) const;
  std::vector<std::string> command(const std::filesystem::path& result) const;
  Outcome check_out(const Variables& more = {}) const;
  /// Expects a clean work tree at `commit` that git itself finds nothing wrong with.
  void expect_sound(const std::string& commit) const;

  support::TempDirectory root_;
  std::filesystem::path source_ = root_ / "source";
  std::filesystem::path tree_ = root_ / "builds/agent-1/org/pipe";
  std::filesystem::path mirrors_ = root_ / "builds/.git-mirrors";
};

}  // namespace ostler
