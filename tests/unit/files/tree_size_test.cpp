// SPDX-License-Identifier: Apache-2.0
#include "files/tree_size.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "support/temp_directory.hpp"

namespace ostler::files {
namespace {

namespace fs = std::filesystem;

TEST(TreeSize, IsNotWholeWhenSomebodyMovesADirectoryMeanwhile) {
  const support::TempDirectory directory;
  const fs::path inner = directory / "tree/outer/inner";
  fs::create_directories(inner);
  std::ofstream(inner / "file") << std::string(256 << 10, 'x');
  fs::create_directory(directory / "elsewhere");
  EXPECT_TRUE(measure_tree(directory / "tree", {}).is_whole);
  int asked = 0;
  const TreeSize found = measure_tree(directory / "tree", [&] {
    // The fourth that is met, after both directories that it lies in.
    if (++asked == 4) fs::rename(inner, directory / "elsewhere/inner");
    return false;
  });
  EXPECT_EQ(asked, 4);
  EXPECT_FALSE(found.is_whole);
  EXPECT_GE(found.bytes, 256u << 10) << "what was counted until then";
}

}  // namespace
}  // namespace ostler::files
