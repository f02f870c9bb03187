// SPDX-License-Identifier: Apache-2.0
#include "artifact/target_path.hpp"

#include <gtest/gtest.h>

namespace ostler::artifact {
namespace {

std::string target(const std::string& destination, std::string_view path) {
  const auto found = target_path(destination, path);
  return found ? found.value().string() : "refused";
}

TEST(TargetPath, LiesBeneathTheDestination) {
  EXPECT_EQ(target("out", "a/b.txt"), "out/a/b.txt");
  EXPECT_EQ(target(".", "a.txt"), "./a.txt");
  EXPECT_EQ(target("/tmp/out/", "a.txt"), "/tmp/out/a.txt");
}

TEST(TargetPath, DoesNotRepeatTheDestinationsName) {
  EXPECT_EQ(target("pkg", "pkg/a.deb"), "pkg/a.deb");
  EXPECT_EQ(target("x/pkg", "pkg/a.deb"), "x/pkg/a.deb");
  EXPECT_EQ(target("pkg/", "pkg/a.deb"), "pkg/pkg/a.deb");
  EXPECT_EQ(target("pkg", "pkg"), "pkg/pkg");
}

TEST(TargetPath, DropsWhatLeadsNowhere) {
  EXPECT_EQ(target("out", "../../a"), "out/a");
  EXPECT_EQ(target("out", "/etc/passwd"), "out/etc/passwd");
  EXPECT_EQ(target("out", "a//./b"), "out/a/b");
  EXPECT_EQ(target("out", "a\\b"), "out/a/b");
}

TEST(TargetPath, RefusesToLeaveTheDestination) {
  for (const std::string_view path :
       {std::string_view("a/../../b"), std::string_view("a/.."), std::string_view(""),
        std::string_view(".."), std::string_view("a\\..\\..\\b"), std::string_view("a\0b", 3)}) {
    EXPECT_EQ(target("out", path), "refused") << path;
  }
}

}  // namespace
}  // namespace ostler::artifact
