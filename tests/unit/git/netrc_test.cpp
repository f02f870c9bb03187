// SPDX-License-Identifier: Apache-2.0
#include "git/netrc.hpp"

#include <gtest/gtest.h>

namespace ostler::git {
namespace {

// "user:password", or "none".
std::string find(std::string_view text, std::string_view host, std::string_view user = "") {
  const auto login = find_in_netrc(text, host, user);
  return login ? login->user + ":" + login->password.reveal() : "none";
}

TEST(Netrc, GivesTheFirstEntryOfTheHost) {
  constexpr std::string_view kText =
      "machine a login ann password one\n"
      "machine B.example\n\tlogin bob\n\tpassword two\n"
      "machine a login cid password three\n";
  EXPECT_EQ(find(kText, "a"), "ann:one");
  EXPECT_EQ(find(kText, "b.EXAMPLE"), "bob:two");
  EXPECT_EQ(find(kText, "a", "cid"), "cid:three");
  EXPECT_EQ(find(kText, "a", "dan"), "none");
  EXPECT_EQ(find(kText, "example"), "none");
}

TEST(Netrc, FallsBackToTheDefault) {
  constexpr std::string_view kText = "machine a login ann password one default login x password y";
  EXPECT_EQ(find(kText, "a"), "ann:one");
  EXPECT_EQ(find(kText, "b"), "x:y");
}

TEST(Netrc, ReadsQuotesCommentsAccountsAndMacros) {
  EXPECT_EQ(
      find("# machine a login no password no\nmachine a login \"an n\" password \"o\\\"n e\"", "a"),
      "an n:o\"n e");
  EXPECT_EQ(find("machine a account machine login ann password p#1", "a"), "ann:p#1");
  EXPECT_EQ(
      find("macdef init\nmachine a login no password no\n\nmachine a login b password c", "a"),
      "b:c");
}

TEST(Netrc, TakesThePasswordForAUserOfTheAddress) {
  EXPECT_EQ(find("machine a password one", "a", "ann"), "ann:one");
}

TEST(Netrc, PassesOverWhatIsNoEntry) {
  for (const char* text : {"", "machine", "machine a", "machine a login", "machine a login ann",
                           "login ann password one", "machine a password", "machine \"a",
                           "macdef x", "default", "# machine a password one"}) {
    EXPECT_EQ(find(text, "a"), "none") << text;
  }
  EXPECT_EQ(find("machine a login ann machine a login bob password two", "a"), "bob:two");
}

}  // namespace
}  // namespace ostler::git
