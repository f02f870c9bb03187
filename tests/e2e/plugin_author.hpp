// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "support/child_program.hpp"
#include "support/temp_directory.hpp"

namespace ostler::support {

/// What `cmake --install` gives an author, and where plugins are built against it.
class Author {
 public:
  Author() {
    const std::string build = std::getenv("OSTLER_BUILD_DIR");
    const auto installed =
        run_program({"cmake", "--install", build, "--component", "sdk", "--prefix", prefix()});
    EXPECT_EQ(installed.code, 0) << installed.err;
  }

  std::string prefix() const { return directory_ / "installed"; }
  std::filesystem::path operator/(const std::string& name) const { return directory_ / name; }

  /// Builds the project in `source`; returns the directory of its plugin.
  std::string build(const std::filesystem::path& source, const std::string& plugin) const {
    const std::string into = directory_ / ("build-" + plugin);
    const auto configured =
        run_program({"cmake", "-S", source, "-B", into, "-DCMAKE_PREFIX_PATH=" + prefix(), "-G",
                     "Ninja", "-DCMAKE_C_COMPILER=clang-19", "-DCMAKE_CXX_COMPILER=clang++-19",
                     "-DCMAKE_C_FLAGS=-Wall -Wextra -Wpedantic -Werror",
                     "-DCMAKE_CXX_FLAGS=-Wall -Wextra -Wpedantic -Werror"});
    EXPECT_EQ(configured.code, 0) << configured.out << configured.err;
    const auto built = run_program({"cmake", "--build", into});
    EXPECT_EQ(built.code, 0) << built.out << built.err;
    return into + "/" + plugin;
  }

 private:
  TempDirectory directory_;
};

}  // namespace ostler::support
