// SPDX-License-Identifier: Apache-2.0
#include "config/token.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include "base/unique_fd.hpp"
#include "files/file.hpp"
#include "support/temp_directory.hpp"

namespace ostler::config {
namespace {

TEST(ResolveToken, TakesATextAsItIs) { EXPECT_EQ(resolve_token("abc").value().reveal(), "abc"); }

TEST(ResolveToken, ReadsAndTrimsAFileOrDescriptor) {
  support::TempDirectory directory;
  const auto path = directory / "token";
  ASSERT_TRUE(files::write_file_atomically(path, "  secret\n"));
  EXPECT_EQ(resolve_token("file://" + path.string()).value().reveal(), "secret");
  const UniqueFd fd(::open(path.c_str(), O_RDONLY));
  EXPECT_EQ(resolve_token("fd://" + std::to_string(fd.get())).value().reveal(), "secret");
}

TEST(ResolveToken, NamesAPlaceThatCannotBeRead) {
  const auto token = resolve_token("file:///nonexistent/token");
  ASSERT_FALSE(token);
  EXPECT_EQ(token.error().code(), Errc::UserFault);
  EXPECT_NE(token.error().message().find("file:///nonexistent/token"), std::string::npos);
}

TEST(ResolveToken, RefusesAnEmptyFile) {
  support::TempDirectory directory;
  ASSERT_TRUE(files::write_file_atomically(directory / "token", "\n"));
  EXPECT_FALSE(resolve_token("file://" + (directory / "token").string()));
}

}  // namespace
}  // namespace ostler::config
