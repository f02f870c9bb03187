// SPDX-License-Identifier: Apache-2.0
#include "hub/repository_endpoint.hpp"

#include <gtest/gtest.h>

namespace ostler::hub {
namespace {

TEST(RepositoryEndpoint, IsHostAndPortOfAnAddressOverHttps) {
  EXPECT_EQ(https_endpoint("https://Git.Example.com/a.git"),
            (RepositoryEndpoint{"git.example.com", 443}));
  EXPECT_EQ(https_endpoint("https://git.example.com:8443/a.git"),
            (RepositoryEndpoint{"git.example.com", 8443}));
  EXPECT_EQ(https_endpoint("https://[2001:DB8::1]:8443/a"),
            (RepositoryEndpoint{"[2001:db8::1]", 8443}));
  EXPECT_EQ(https_endpoint("https://[::1]"), (RepositoryEndpoint{"[::1]", 443}));
}

TEST(RepositoryEndpoint, IsNoneOfWhatCouldBeReadInTwoWays) {
  for (const char* url : {"https://",
                          "https:///a",
                          "http://h/a",
                          "ssh://h/a",
                          "h:a",
                          "https://ann@h/a",
                          "https://h\\@good/a",
                          "https://good%2eh/a",
                          "https://h:/a",
                          "https://h:0/a",
                          "https://h:65536/a",
                          "https://h:44a/a",
                          "https://h:443:8443/a",
                          "https://h:-1/a",
                          "https://[h]/a",
                          "https://[::1/a",
                          "https://[]/a",
                          "https://[::1]x/a",
                          "https://x[::1]/a",
                          "https://h h/a",
                          "https://h\n/a",
                          "https://h_/a"}) {
    EXPECT_EQ(https_endpoint(url), std::nullopt) << url;
  }
  EXPECT_EQ(https_endpoint("https://" + std::string(254, 'a')), std::nullopt);
}

TEST(RepositoryEndpoint, OfARepositoryIsItsOwnOrTheDefaultPortOfItsHost) {
  EXPECT_EQ(endpoint_of_repository("https://ann:pw@Git.example.com:8443/a.git"),
            (RepositoryEndpoint{"git.example.com", 8443}));
  for (const char* address : {"git@github.com:acme/app.git", "github.com:acme/app.git",
                              "ssh://git@GitHub.com:2222/acme/app.git", "http://github.com:80/a"}) {
    EXPECT_EQ(endpoint_of_repository(address), (RepositoryEndpoint{"github.com", 443})) << address;
  }
  for (const char* path : {"/srv/git/app", "./a:b", "app", "", "file:///srv/git", "file://h/git"}) {
    EXPECT_EQ(endpoint_of_repository(path), std::nullopt) << path;
  }
}

}  // namespace
}  // namespace ostler::hub
