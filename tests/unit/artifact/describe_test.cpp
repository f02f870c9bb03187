// SPDX-License-Identifier: Apache-2.0
#include "artifact/describe.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "support/temp_directory.hpp"

namespace ostler::artifact {
namespace {

TEST(Describe, KnowsContentTypesByExtension) {
  EXPECT_EQ(content_type_of("log/a.txt"), "text/plain");
  EXPECT_EQ(content_type_of("A.JSON"), "application/json");
  EXPECT_EQ(content_type_of("a.tar.gz"), "application/gzip");
  EXPECT_EQ(content_type_of("a.b/c"), "binary/octet-stream");
  EXPECT_EQ(content_type_of("a.unknown"), "binary/octet-stream");
  EXPECT_EQ(content_type_of(""), "binary/octet-stream");
}

TEST(Describe, DigestsAFileInOnePass) {
  const support::TempDirectory directory;
  std::ofstream(directory / "a") << "abc";
  const auto digest = digest_file(directory / "a");
  ASSERT_TRUE(digest) << digest.error().message();
  EXPECT_EQ(digest.value().size, 3u);
  EXPECT_EQ(digest.value().sha1, "a9993e364706816aba3e25717850c26c9cd0d89d");
  EXPECT_EQ(digest.value().sha256,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Describe, NamesAFileThatIsNotThere) {
  const auto digest = digest_file("/nowhere/at/all");
  ASSERT_FALSE(digest);
  EXPECT_EQ(digest.error().code(), Errc::NotFound);
  EXPECT_NE(digest.error().message().find("/nowhere/at/all"), std::string::npos);
}

}  // namespace
}  // namespace ostler::artifact
