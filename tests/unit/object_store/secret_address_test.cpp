// SPDX-License-Identifier: Apache-2.0
#include "object_store/secret_address.hpp"

#include <gtest/gtest.h>

#include <array>

namespace ostler::object_store {
namespace {

TEST(SecretAddress, IsSafeOverTlsAndOnThisMachine) {
  for (const char* url : {"https://sts.amazonaws.com/", "HTTPS://example.com", "http://localhost:1",
                          "http://127.0.0.1:80/token", "http://127.9.9.9/", "http://[::1]:8080/"}) {
    EXPECT_TRUE(may_be_told_secrets(url)) << url;
  }
}

TEST(SecretAddress, IsNotWhatOnlyBeginsLikeOne) {
  for (const char* url : {"http://127.evil.example/", "http://127.0.0.1.evil.example/",
                          "http://127.0.0.1%2f.evil.example/", "http://localhost.evil.example/",
                          "http://localhost:x@evil.example/", "http://127.0.0.1:80@evil.example/",
                          "https://user@evil.example/", "http://example.com/", "ftp://localhost/",
                          "https://", "localhost", ""}) {
    EXPECT_FALSE(may_be_told_secrets(url)) << url;
  }
}

TEST(SecretAddress, IsOneOfTheOthersAsAWhole) {
  constexpr std::array<std::string_view, 1> kOthers = {"169.254.170.2"};
  EXPECT_TRUE(may_be_told_secrets("http://169.254.170.2/v2/credentials", kOthers));
  EXPECT_FALSE(may_be_told_secrets("http://169.254.170.23/", kOthers));
  EXPECT_FALSE(may_be_told_secrets("http://169.254.170.2.evil.example/", kOthers));
  EXPECT_FALSE(may_be_told_secrets("http://169.254.170.2/"));
}

}  // namespace
}  // namespace ostler::object_store
