// SPDX-License-Identifier: Apache-2.0
// What a plugin tries to do around its confinement, and what it must be able to do inside.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstring>
#include <filesystem>
#include <fstream>

#include "zoo_run.hpp"

namespace ostler::plugin_host {
namespace {

/// A Unix socket at a path and a TCP port that take connections.
class Doors {
 public:
  Doors() {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path().c_str(), sizeof address.sun_path - 1);
    EXPECT_EQ(::bind(unix_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(unix_.get(), 4), 0);
    sockaddr_in loopback{};
    loopback.sin_family = AF_INET;
    loopback.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::bind(tcp_.get(), reinterpret_cast<sockaddr*>(&loopback), sizeof loopback), 0);
    EXPECT_EQ(::listen(tcp_.get(), 4), 0);
  }

  std::string path() const { return directory_.path() / "door"; }
  const std::filesystem::path& directory() const { return directory_.path(); }
  int port() const {
    sockaddr_in bound{};
    socklen_t size = sizeof bound;
    ::getsockname(tcp_.get(), reinterpret_cast<sockaddr*>(&bound), &size);
    return ntohs(bound.sin_port);
  }

 private:
  support::TempDirectory directory_;
  UniqueFd unix_{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  UniqueFd tcp_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
};

std::string reached_by(const Doors& doors, bool network) {
  ZooRun zoo("reach", doors.path() + ":" + std::to_string(doors.port()));
  zoo.spec.network = network;
  zoo.spec.paths.emplace_back(doors.directory(), "write");
  return zoo.run().result.message;
}

TEST(Confinement, HoldsAgainstEachWayAround) {
  const support::TempDirectory outside;
  std::ofstream(outside.path() / "file") << "theirs";
  ZooRun zoo("escape", outside.path() / "file");
  zoo.spec.paths.emplace_back(outside.path(), "read");
  const auto verdict = zoo.run();
  if (!zoo.log.confinement->files) GTEST_SKIP() << "this kernel has no Landlock";
  EXPECT_EQ(verdict.result.message, "worked:");
  EXPECT_EQ(std::filesystem::file_size(outside.path() / "file"), 6u);
}

TEST(Confinement, LetsAPluginDoOrdinaryWorkWhereItMayWrite) {
  const support::TempDirectory directory;
  ZooRun zoo("work", directory.path());
  zoo.spec.paths.emplace_back(directory.path(), "write");
  EXPECT_EQ(zoo.run().result.message, "failed:");
}

TEST(Confinement, LetsAPluginWithNetworkReachHostsByNameButNoSocketOfThisMachine) {
  const Doors doors;
  EXPECT_EQ(reached_by(doors, true), "reached: tcp name");
}

TEST(Confinement, LetsAPluginWithoutNetworkReachNobody) {
  const Doors doors;
  const std::string message = reached_by(doors, false);
  EXPECT_THAT(message, testing::Not(testing::HasSubstr("unix")));
  EXPECT_THAT(message, testing::Not(testing::HasSubstr("tcp")));
}

TEST(Confinement, SaysThatSignalsAreNotStoppedWhereTheyAreNot) {
  const std::string held = describe({.system_calls = true, .files = true, .signals = true});
  const std::string open = describe({.system_calls = true, .files = true});
  EXPECT_THAT(held, testing::Not(testing::HasSubstr("signals")));
  EXPECT_THAT(open, testing::HasSubstr("signals"));
}

}  // namespace
}  // namespace ostler::plugin_host
