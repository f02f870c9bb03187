// SPDX-License-Identifier: Apache-2.0
#include "git/ssh_failure.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostler::git {
namespace {

using process::Exited;
using process::Signalled;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

Error failure(const process::ExitStatus& status, const std::string& text) {
  return ssh_failure({"git@h", "h", "", "r"}, {.name = "ssh"}, status, text);
}

TEST(SshFailure, SaysWhatToDoAboutAnUnknownHost) {
  const Error error = failure(
      Exited{255}, "No ED25519 host key is known for h.\r\nHost key verification failed.\r\n");
  EXPECT_EQ(error.code(), Errc::Denied);
  EXPECT_FALSE(error.retryable());
  EXPECT_THAT(error.message(), StartsWith("ssh git@h: No ED25519 host key is known for h. / Host"));
  EXPECT_THAT(error.message(), HasSubstr("known_hosts"));
}

TEST(SshFailure, TellsAChangedHostKeyFromAnUnknownOne) {
  const Error error = failure(Exited{255},
                              "@@@@@@@@@@@@@@@@@@@\r\n"
                              "@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\r\n"
                              "@@@@@@@@@@@@@@@@@@@\r\nHost key verification failed.\r\n");
  EXPECT_EQ(error.code(), Errc::Denied);
  EXPECT_THAT(error.message(), HasSubstr("ssh-keygen -R"));
  EXPECT_THAT(error.message(), Not(HasSubstr("@@@")));
}

TEST(SshFailure, SaysWhatToDoAboutARefusedKey) {
  const Error error =
      failure(Exited{255},
              "Warning: Permanently added 'h' (ED25519) to the list of known hosts.\r\n"
              "git@h: Permission denied (publickey).\r\n");
  EXPECT_EQ(error.code(), Errc::Denied);
  EXPECT_THAT(error.message(), StartsWith("ssh git@h: git@h: Permission denied"));
  EXPECT_THAT(error.message(), HasSubstr("SSH_AUTH_SOCK"));
}

TEST(SshFailure, TellsAMissingRepository) {
  for (const char* text :
       {"ERROR: Repository not found.", "fatal: '/srv/x' does not appear to be a git repository",
        "remote: ERROR: The project you were looking for could not be found or"
        " you don't have permission to view it."}) {
    EXPECT_EQ(failure(Exited{128}, text).code(), Errc::NotFound) << text;
  }
}

TEST(SshFailure, IsWorthAnotherTryWhenTheNetworkFailed) {
  for (const char* text : {"ssh: connect to host h port 22: Connection refused", "",
                           "ssh: Could not resolve hostname h: Name or service not known"}) {
    const Error error = failure(Exited{255}, text);
    EXPECT_EQ(error.code(), Errc::Unavailable);
    EXPECT_TRUE(error.retryable()) << text;
  }
  EXPECT_THAT(failure(Signalled{9, false}, "").message(), HasSubstr("SIGKILL"));
}

TEST(SshFailure, TellsAProgramThatIsMissingHereFromOneMissingThere) {
  const Error here = ssh_failure({"git@h", "h", "", "r"}, {.name = "shh", .is_missing = true},
                                 Exited{127}, "sh: 1: shh: not found\n");
  EXPECT_EQ(here.code(), Errc::UserFault);
  EXPECT_THAT(here.message(), HasSubstr("openssh-client"));
  const Error there = failure(Exited{127}, "sh: 1: git-upload-pack: not found\n");
  EXPECT_EQ(there.code(), Errc::UserFault);
  EXPECT_THAT(there.message(), HasSubstr("install git on the host"));
}

TEST(SshFailure, ShowsABoundedEndWithoutControlCharacters) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "\x1b[31mline " + std::to_string(i) + "\n";
  text += std::string(100000, 'x');
  const Error error = failure(Exited{1}, text);
  EXPECT_LT(error.message().size(), 3000u);
  EXPECT_THAT(error.message(), HasSubstr("line 999"));
  EXPECT_THAT(error.message(), Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace ostler::git
