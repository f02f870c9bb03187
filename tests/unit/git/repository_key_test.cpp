// SPDX-License-Identifier: Apache-2.0
#include "git/repository_key.hpp"

#include <gtest/gtest.h>

namespace ostler::git {
namespace {

TEST(RepositoryKey, IsOneForAllWaysToOneRepository) {
  for (const char* url :
       {"https://git.example.com/Acme/App.git", "https://git.example.com/acme/app/",
        "https://ann:secret@git.example.com/acme/app", "http://git.example.com:8080/acme/app.git",
        "git@git.example.com:acme/app.git", "ssh://git@GIT.example.com:2222/acme/app",
        "git://git.example.com/acme/app.git"}) {
    EXPECT_EQ(repository_key(url), "git.example.com/acme/app") << url;
    EXPECT_EQ(repository_name(url).size(), 3u) << url;
  }
}

TEST(RepositoryKey, OfThisMachineIsThePath) {
  for (const char* url : {"/srv/App", "/srv/App/", "/srv/App.git", "file:///srv/App.git",
                          "file://localhost/srv/App", "/srv/x/../App", "/srv/App/.git"}) {
    EXPECT_EQ(repository_key(url), "/srv/App") << url;
  }
}

TEST(RepositoryKey, TellsRepositoriesApart) {
  EXPECT_NE(repository_key("https://a/x/y"), repository_key("https://b/x/y"));
  EXPECT_NE(repository_key("https://a/x/y"), repository_key("https://a/z/y"));
  EXPECT_NE(repository_key("/srv/app"), repository_key("/srv/App"));
  for (const char* url : {"", "app", "../app", "https://", "https://a", "git@host:"}) {
    EXPECT_EQ(repository_key(url), "") << url;
  }
}

}  // namespace
}  // namespace ostler::git
