// SPDX-License-Identifier: Apache-2.0
#include "git/ssh_command.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostler::git {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const SshAddress kPlain{"git@h", "h", "", "o/r"};
const SshAddress kPort{"git@h", "h", "2222", "o/r"};

SshSettings settings() { return {.search_path = "/usr/bin:/bin"}; }

TEST(SshCommand, GivesTheUsersTextToTheShell) {
  SshSettings wanted = settings();
  wanted.command = "ssh -i '/a b' -o IdentitiesOnly=yes";
  wanted.program = "/elsewhere/ssh";
  const auto command = ssh_command(kPort, wanted);
  ASSERT_TRUE(command);
  EXPECT_EQ(command.value().executable, "/bin/sh");
  EXPECT_THAT(command.value().arguments,
              ElementsAre("sh", "-c", "exec ssh -i '/a b' -o IdentitiesOnly=yes \"$@\"", "ssh",
                          "-o", "BatchMode=yes", "-p", "2222", "git@h", "git-upload-pack 'o/r'"));
}

TEST(SshCommand, LeavesToTheShellWhatOnlyAShellUnderstands) {
  SshSettings wanted = settings();
  for (const char* text : {"A=b ssh", "ssh -i $KEY", "cd / && ssh", "no-such-ssh"}) {
    wanted.command = text;
    EXPECT_EQ(ssh_command(kPlain, wanted).value().arguments[2], std::string(text) + " \"$@\"");
  }
}

TEST(SshCommand, StartsANamedProgramWithoutAShell) {
  SshSettings wanted = settings();
  wanted.program = "/bin/true";
  const auto command = ssh_command(kPlain, wanted);
  ASSERT_TRUE(command);
  EXPECT_EQ(command.value().executable, "/bin/true");
  EXPECT_THAT(command.value().arguments,
              ElementsAre("/bin/true", "git@h", "git-upload-pack 'o/r'"));
}

TEST(SshCommand, LetsAProgramOfTheUsersAnswerForHim) {
  SshSettings wanted = settings();
  wanted.command = "ssh";
  wanted.may_ask = true;
  EXPECT_THAT(ssh_command(kPlain, wanted).value().arguments,
              ElementsAre("sh", "-c", "exec ssh \"$@\"", "ssh", "git@h", "git-upload-pack 'o/r'"));
}

TEST(SshCommand, GivesASimpleProgramNoOptions) {
  SshSettings wanted = settings();
  wanted.command = "ssh";
  wanted.variant = "simple";
  EXPECT_THAT(ssh_command(kPlain, wanted).value().arguments,
              ElementsAre("sh", "-c", "exec ssh \"$@\"", "ssh", "git@h", "git-upload-pack 'o/r'"));
  const auto refused = ssh_command(kPort, wanted);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message(), HasSubstr("port 2222"));
}

TEST(SshCommand, SaysWhatToInstallWhereThereIsNoSsh) {
  SshSettings wanted = settings();
  wanted.search_path = "/nowhere";
  const auto refused = ssh_command(kPlain, wanted);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Errc::UserFault);
  EXPECT_THAT(refused.error().message(), HasSubstr("openssh-client"));
}

}  // namespace
}  // namespace ostler::git
