// SPDX-License-Identifier: Apache-2.0
#include "git/ssh_address.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostler::git {
namespace {

using testing::HasSubstr;

// "destination|port|path", or the error.
std::string read(std::string_view url) {
  const auto address = parse_ssh_address(url);
  if (!address) return "error: " + address.error().message();
  return address.value().destination + "|" + address.value().port + "|" + address.value().path;
}

TEST(SshAddress, IsReadFromAUrl) {
  EXPECT_EQ(read("ssh://h/srv/r.git"), "h||/srv/r.git");
  EXPECT_EQ(read("ssh://git@h:2222/o/r"), "git@h|2222|/o/r");
  EXPECT_EQ(read("git+ssh://git@h:/o/r"), "git@h||/o/r");
  EXPECT_EQ(read("ssh://a@[::1]:22/r"), "a@::1|22|/r");
  EXPECT_EQ(read("ssh://[fe80::1]/r"), "fe80::1||/r");
  EXPECT_EQ(read("ssh://h/~ann/r%20x"), "h||~ann/r x");
}

TEST(SshAddress, IsReadFromTheShortForm) {
  EXPECT_EQ(read("git@github.com:o/r.git"), "git@github.com||o/r.git");
  EXPECT_EQ(read("h:/srv/r"), "h||/srv/r");
  EXPECT_EQ(read("h:~ann/r:x"), "h||~ann/r:x");
  EXPECT_EQ(read("h:a%20b"), "h||a%20b");
  EXPECT_EQ(read("[::1]:r"), "::1||r");
  EXPECT_EQ(read("git@[::1]:r"), "git@::1||r");
  EXPECT_EQ(read("[git@h:2222]:o/r"), "git@h|2222|o/r");
}

TEST(SshAddress, IsRefusedWhereAPartCouldBeTakenForAnOption) {
  for (const char* url :
       {"ssh://-oProxyCommand=id/r", "ssh://git@-oProxyCommand=id/r", "ssh://-l@h/r",
        "-oProxyCommand=id:r", "git@-x:r", "h:-u/r", "[-x]:r", "ssh://%2doProxyCommand=id/r"}) {
    EXPECT_THAT(read(url), HasSubstr("begins with \"-\"")) << url;
  }
}

TEST(SshAddress, IsRefusedWhenItIsNone) {
  EXPECT_THAT(read("ssh:///r"), HasSubstr("names no host"));
  EXPECT_THAT(read("ssh://h"), HasSubstr("names no path"));
  EXPECT_THAT(read("ssh://h/"), HasSubstr("names no path"));
  EXPECT_THAT(read("h:"), HasSubstr("names no path"));
  EXPECT_THAT(read("ssh://h:0/r"), HasSubstr("\"0\" is no port"));
  EXPECT_THAT(read("ssh://h:65536/r"), HasSubstr("is no port"));
  EXPECT_THAT(read("ssh://h:22x/r"), HasSubstr("is no port"));
  EXPECT_THAT(read("ssh://h%0a/r"), HasSubstr("control characters"));
  EXPECT_THAT(read("h:a\nb"), HasSubstr("control characters"));
  EXPECT_THAT(read("ssh://[::1/r"), HasSubstr("is no port"));
}

TEST(SshAddress, TakesNoPasswordAndShowsNone) {
  const std::string error = read("ssh://git:secret@h/r");
  EXPECT_THAT(error, HasSubstr("has a password"));
  EXPECT_THAT(error, testing::Not(HasSubstr("secret")));
}

TEST(SshAddress, QuotesAPathForTheShellOfTheHost) {
  EXPECT_EQ(quoted_for_shell("/a b"), "'/a b'");
  EXPECT_EQ(quoted_for_shell("a'; rm -rf $HOME"), "'a'\\''; rm -rf $HOME'");
  EXPECT_EQ(quoted_for_shell("a!b"), "'a'\\!'b'");
}

}  // namespace
}  // namespace ostler::git
