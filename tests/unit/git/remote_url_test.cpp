// SPDX-License-Identifier: Apache-2.0
#include "git/remote_url.hpp"

#include <gtest/gtest.h>

namespace ostler::git {
namespace {

TEST(RemoteUrl, IsToldByItsForm) {
  EXPECT_EQ(remote_kind("/srv/a.git"), RemoteKind::Local);
  EXPECT_EQ(remote_kind("../a"), RemoteKind::Local);
  EXPECT_EQ(remote_kind("./host:path"), RemoteKind::Local);
  EXPECT_EQ(remote_kind("file:///srv/a"), RemoteKind::Local);
  EXPECT_EQ(remote_kind("https://h/a.git"), RemoteKind::Http);
  EXPECT_EQ(remote_kind("http://h:8080/a"), RemoteKind::Http);
  EXPECT_EQ(remote_kind("git@github.com:o/r.git"), RemoteKind::Ssh);
  EXPECT_EQ(remote_kind("host:path"), RemoteKind::Ssh);
  EXPECT_EQ(remote_kind("ssh://git@h/r"), RemoteKind::Ssh);
  EXPECT_EQ(remote_kind("git://h/r"), RemoteKind::Other);
}

TEST(RemoteUrl, LosesItsCredentialsForLogs) {
  EXPECT_EQ(without_credentials("https://u:p@h/a?b#c"), "https://h/a?b#c");
  EXPECT_EQ(without_credentials("https://token@h"), "https://h");
  EXPECT_EQ(without_credentials("https://u:p@x@h/a"), "https://h/a");
  EXPECT_EQ(without_credentials("https://h/a@b"), "https://h/a@b");
  EXPECT_EQ(without_credentials("/srv/a@b"), "/srv/a@b");
  EXPECT_EQ(without_credentials("ssh://git@h:22/a"), "ssh://git@h:22/a");
  EXPECT_EQ(without_credentials("ssh://git:secret@h:22/a"), "ssh://git@h:22/a");
}

TEST(RemoteUrl, GivesItsCredentialsDecoded) {
  EXPECT_EQ(credentials_of("https://u:p%40x@h/a"), "u:p@x");
  EXPECT_EQ(credentials_of("https://token@h"), "token:");
  EXPECT_EQ(credentials_of("https://h/a@b"), std::nullopt);
}

TEST(RemoteUrl, NamesALocalPath) {
  EXPECT_EQ(local_path("/a b"), "/a b");
  EXPECT_EQ(local_path("file:///a%20b/c"), "/a b/c");
  EXPECT_EQ(local_path("file://localhost/a"), "/a");
  EXPECT_EQ(local_path("file:///a%zz"), "/a%zz");
}

}  // namespace
}  // namespace ostler::git
