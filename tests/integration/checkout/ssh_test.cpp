// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <algorithm>
#include <csignal>

#include "integration/checkout/checkout_fixture.hpp"
#include "support/fake_ssh.hpp"
#include "support/wait_until.hpp"

namespace ostler {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class SshCheckoutTest : public CheckoutTest {
 protected:
  Variables over_ssh(Variables more = {}) const {
    more.try_emplace("BUILDKITE_REPO", "git@host.example:" + source_.string());
    more.try_emplace("GIT_SSH_COMMAND", ssh_.program().string() + " -o Chosen=yes");
    return more;
  }

  /// Ended, though perhaps not reaped by whoever inherited it.
  bool is_gone(pid_t pid) const {
    return !std::filesystem::exists("/proc/" + std::to_string(pid)) ||
           read("/proc/" + std::to_string(pid) + "/cmdline").empty();
  }

  /// Directories of keys beside the checkout.
  int keys() const {
    int count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(tree_.parent_path())) {
      count += entry.path().filename().string().starts_with(".buildkite-ssh-key-") ? 1 : 0;
    }
    return count;
  }

  support::FakeSsh ssh_{root_ / "bin"};
};

TEST_F(SshCheckoutTest, FetchesThroughTheUsersProgram) {
  const Outcome first = check_out(over_ssh());
  ASSERT_EQ(first.code, 0) << first.log;
  EXPECT_THAT(ssh_.arguments(),
              ElementsAre("-o", "Chosen=yes", "-o", "BatchMode=yes", "git@host.example",
                          "git-upload-pack '" + source_.string() + "'"));
  const std::string next = commit("Next");
  EXPECT_EQ(check_out(over_ssh()).commit, next);
  expect_sound(next);
  EXPECT_EQ(git({"remote", "get-url", "origin"}, tree_), "git@host.example:" + source_.string());
}

TEST_F(SshCheckoutTest, FetchesFromAUrlWithAPort) {
  const std::string url = "ssh://git@[::1]:2222" + source_.string();
  const Outcome outcome = check_out(over_ssh({{"BUILDKITE_REPO", url}}));
  ASSERT_EQ(outcome.code, 0) << outcome.log;
  EXPECT_THAT(ssh_.arguments(),
              ElementsAre("-o", "Chosen=yes", "-o", "BatchMode=yes", "-p", "2222", "git@::1",
                          "git-upload-pack '" + source_.string() + "'"));
}

TEST_F(SshCheckoutTest, FetchesFromAPathThatAShellWouldTakeApart) {
  const std::filesystem::path odd = root_ / "it's; $(touch hurt) !";
  std::filesystem::rename(source_, odd);
  const Outcome outcome = check_out(over_ssh({{"BUILDKITE_REPO", "h:" + odd.string()}}));
  ASSERT_EQ(outcome.code, 0) << outcome.log;
  EXPECT_FALSE(std::filesystem::exists(tree_ / "hurt"));
}

TEST_F(SshCheckoutTest, TakesAProgramFromGitSsh) {
  const Outcome outcome =
      check_out(over_ssh({{"GIT_SSH_COMMAND", ""}, {"GIT_SSH", ssh_.program().string()}}));
  ASSERT_EQ(outcome.code, 0) << outcome.log;
  EXPECT_THAT(ssh_.arguments(), ElementsAre("-o", "BatchMode=yes", "git@host.example", testing::_));
}

TEST_F(SshCheckoutTest, ObeysTheUsersRewritingOfAddresses) {
  write(root_ / "home/.gitconfig", "[url \"git@host.example:" + root_.path().string() +
                                       "/\"]\n  insteadOf = \"https://h/\"\n");
  const Outcome outcome = check_out(over_ssh({{"BUILDKITE_REPO", "https://h/source"}}));
  ASSERT_EQ(outcome.code, 0) << outcome.log;
  EXPECT_EQ(ssh_.calls(), 1);
}

TEST_F(SshCheckoutTest, FetchesManyCommitsAndFiles) {
  for (int i = 0; i < 300; ++i) {
    write(source_ / ("many/" + std::to_string(i)), std::string(5000, 'a') + std::to_string(i));
  }
  const std::string tip = commit("Many");
  EXPECT_EQ(check_out(over_ssh()).commit, tip);
  expect_sound(tip);
}

TEST_F(SshCheckoutTest, SaysAtOnceWhyAKeyIsRefused) {
  ssh_.fail_with("git@host.example: Permission denied (publickey).", 255);
  const Outcome outcome = check_out(over_ssh());
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(ssh_.calls(), 1);
  EXPECT_THAT(outcome.log, HasSubstr("Error: git@host.example:" + source_.string()));
  EXPECT_THAT(outcome.log, HasSubstr("Permission denied (publickey).; the host takes none"));
}

TEST_F(SshCheckoutTest, SaysAtOnceThatARepositoryIsMissing) {
  const Outcome outcome =
      check_out(over_ssh({{"BUILDKITE_REPO", "h:" + (root_ / "nope").string()}}));
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(ssh_.calls(), 1);
  EXPECT_THAT(outcome.log, HasSubstr("does not appear to be a git repository"));
  EXPECT_THAT(outcome.log, HasSubstr("check the pipeline's repository"));
}

TEST_F(SshCheckoutTest, SaysThatThereIsNoProgram) {
  const Outcome outcome = check_out(over_ssh({{"GIT_SSH_COMMAND", "no-such-ssh -4"}}));
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.log, HasSubstr("install an ssh client (openssh-client)"));
}

TEST_F(SshCheckoutTest, TriesAgainWhenTheConnectionFailed) {
  ssh_.fail_times(1);
  const Outcome outcome = check_out(over_ssh());
  EXPECT_EQ(outcome.code, 0) << outcome.log;
  EXPECT_EQ(ssh_.calls(), 2);
  EXPECT_THAT(outcome.log, HasSubstr("Connection closed by remote host"));
  EXPECT_THAT(outcome.log, HasSubstr("(Attempt 1/6 Retrying in "));
}

TEST_F(SshCheckoutTest, SurvivesAConnectionCutAnywhere) {
  write(source_ / "big", std::string(20000, 'b') + git({"rev-parse", "HEAD"}));
  const std::string tip = commit("Big");
  for (const int bytes : {0, 1, 4, 50, 300, 500, 1000}) {
    ssh_.cut_after(bytes);
    const Outcome cut = check_out(over_ssh({{"BUILDKITE_CHECKOUT_ATTEMPTS", "1"}}));
    EXPECT_EQ(cut.code, 1) << bytes << cut.log;
    EXPECT_THAT(cut.log, HasSubstr("send disconnect: Broken pipe; check the network")) << bytes;
  }
  ssh_.recover();
  EXPECT_EQ(check_out(over_ssh()).commit, tip);
  expect_sound(tip);
}

TEST_F(SshCheckoutTest, BoundsEachAttemptInTime) {
  ssh_.fall_silent();
  const Outcome outcome = check_out(
      over_ssh({{"BUILDKITE_CHECKOUT_ATTEMPTS", "1"}, {"BUILDKITE_GIT_CHECKOUT_TIMEOUT", "1"}}));
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.log, HasSubstr("took longer than 1 s"));
  EXPECT_TRUE(support::wait_until(20s, [&] { return is_gone(ssh_.pid()); }));
}

TEST_F(SshCheckoutTest, StopsAtOnceOnASignalAndLeavesNoProgramBehind) {
  ssh_.fall_silent();
  support::ChildProgram program(command(root_ / "result.json"), root_.path(), job(over_ssh()));
  ASSERT_TRUE(support::wait_until(20s, [&] { return ssh_.calls() > 0; }));
  program.signal(SIGTERM);
  EXPECT_EQ(program.wait(20s), 128 + SIGTERM);
  EXPECT_TRUE(support::wait_until(20s, [&] { return is_gone(ssh_.pid()); }));
}

TEST_F(SshCheckoutTest, ProgramEndsWithACheckoutThatIsKilled) {
  ssh_.fall_silent();
  support::ChildProgram program(command(root_ / "result.json"), root_.path(), job(over_ssh()));
  ASSERT_TRUE(support::wait_until(20s, [&] { return ssh_.calls() > 0; }));
  program.kill();
  EXPECT_TRUE(support::wait_until(20s, [&] { return is_gone(ssh_.pid()); }));
}

TEST_F(SshCheckoutTest, GivesTheKeyOfTheJobToTheProgramAndRemovesIt) {
  const std::string keep = "#!/bin/sh\ncp -p \"$4\" " + (root_ / "seen").string() + "\nexec " +
                           ssh_.program().string() + " \"$@\"\n";
  write(root_ / "keep", keep);
  std::filesystem::permissions(root_ / "keep", std::filesystem::perms(0755));
  const Outcome outcome =
      check_out(over_ssh({{"GIT_SSH_COMMAND", (root_ / "keep").string() + " -o Chosen=yes"},
                          {"BUILDKITE_GIT_SSH_KEY", "PRIVATE\nKEY\n\n"}}));
  ASSERT_EQ(outcome.code, 0) << outcome.log;
  EXPECT_EQ(read(root_ / "seen"), "PRIVATE\nKEY\n");
  EXPECT_EQ(std::filesystem::status(root_ / "seen").permissions(), std::filesystem::perms(0600));
  const auto arguments = ssh_.arguments();
  ASSERT_GE(arguments.size(), 6u);
  EXPECT_EQ(arguments[2], "-i");
  EXPECT_THAT(arguments[3], testing::StartsWith(tree_.parent_path().string()));
  EXPECT_EQ(arguments[5], "IdentitiesOnly=yes");
  EXPECT_EQ(keys(), 0);
  EXPECT_THAT(outcome.log, Not(HasSubstr("PRIVATE")));
}

TEST_F(SshCheckoutTest, RemovesTheKeyAfterAFailureToo) {
  ssh_.fail_with("git@h: Permission denied (publickey).", 255);
  EXPECT_EQ(check_out(over_ssh({{"BUILDKITE_GIT_SSH_KEY", "PRIVATE"}})).code, 1);
  EXPECT_EQ(keys(), 0);
}

TEST_F(SshCheckoutTest, RemovesAKeyThatAKilledCheckoutLeft) {
  ssh_.fall_silent();
  const Variables variables = over_ssh({{"BUILDKITE_GIT_SSH_KEY", "PRIVATE"}});
  support::ChildProgram program(command(root_ / "result.json"), root_.path(), job(variables));
  ASSERT_TRUE(support::wait_until(20s, [&] { return ssh_.calls() > 0; }));
  program.kill();
  ASSERT_EQ(keys(), 1);
  for (const auto& entry : std::filesystem::directory_iterator(tree_.parent_path())) {
    std::filesystem::last_write_time(entry, std::filesystem::file_time_type::clock::now() - 2min);
  }
  ssh_.recover();
  EXPECT_EQ(check_out(variables).code, 0);
  EXPECT_EQ(keys(), 0);
}

}  // namespace
}  // namespace ostler
