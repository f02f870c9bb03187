// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime_directory.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/un.h>

#include "support/temp_directory.hpp"

namespace ostler::daemon {
namespace {

constexpr std::size_t kLongest = sizeof(sockaddr_un::sun_path) - 1;

TEST(RuntimeDirectory, LiesInTheStateDirectoryWhereNamesFit) {
  const support::TempDirectory state;
  const auto runtime = RuntimeDirectory::open(state.path(), "");
  ASSERT_TRUE(runtime);
  EXPECT_EQ(runtime.value().path(), state / "run");
  EXPECT_NE(runtime.value().keeper_socket("a"), runtime.value().keeper_socket("b"));
  EXPECT_EQ(runtime.value().keeper_socket("a"), runtime.value().keeper_socket("a"));
}

TEST(RuntimeDirectory, MovesToAShortPlaceForALongStatePath) {
  const support::TempDirectory home;
  ::setenv("XDG_RUNTIME_DIR", home.path().c_str(), 1);
  const auto state = home / std::string(100, 's');
  std::filesystem::create_directory(state);
  const auto runtime = RuntimeDirectory::open(state, "");
  ASSERT_TRUE(runtime) << runtime.error().message();
  EXPECT_LE(runtime.value().keeper_socket("job").native().size(), kLongest);
  EXPECT_TRUE(runtime.value().path().native().starts_with(home.path().native()));
  EXPECT_TRUE(std::filesystem::is_directory(runtime.value().path()));
}

TEST(RuntimeDirectory, RefusesAWantedPathThatIsTooLong) {
  const support::TempDirectory home;
  const auto runtime = RuntimeDirectory::open(home.path(), home / std::string(100, 's'));
  ASSERT_FALSE(runtime);
  EXPECT_EQ(runtime.error().code(), Errc::UserFault);
}

}  // namespace
}  // namespace ostler::daemon
