// SPDX-License-Identifier: Apache-2.0
// Commands of the profile workspace: what they cannot do, and the ordinary work that they can.
#include "plugin_host/command_profile.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "files/file.hpp"
#include "plugin_host/call_filter.hpp"
#include "zoo_run.hpp"

namespace ostler::plugin_host {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class Profile : public testing::Test {
 protected:
  void SetUp() override {
    if (landlock_version() == 0) GTEST_SKIP() << "this kernel has no Landlock";
    std::ofstream(outside_.path() / "secret") << "theirs";
    fs::create_directory(scratch_.path() / "tmp");
  }

  /// What a script prints, and its exit status.
  std::string run(const std::string& script, bool network = false) {
    std::ofstream(workspace() / "script.sh") << script;
    ZooRun zoo("command captured", "sh ./script.sh 2>&1");
    zoo.spec.commands = CommandPlace{.directory = workspace(),
                                     .profile = CommandProfile::Workspace,
                                     .scratch = scratch_.path() / "tmp",
                                     .system_paths = system_paths_,
                                     .network = network};
    return zoo.run().result.message;
  }

  fs::path workspace() const { return workspace_.path(); }
  std::string outside(const std::string& name = "") const { return outside_.path() / name; }

  std::vector<std::string> system_paths_ = usual_system_paths();

 private:
  support::TempDirectory workspace_;
  support::TempDirectory scratch_;
  support::TempDirectory outside_;
};

TEST_F(Profile, WritesToTheWorkspaceAndTheScratchDirectoryAlone) {
  EXPECT_EQ(run("echo x > made && echo y > $TMPDIR/made && echo z > $HOME/other && cat made"),
            "0 0 x|");
  EXPECT_THAT(run("echo x > " + outside("made")), HasSubstr("Permission denied"));
  EXPECT_THAT(run("rm " + outside("secret")), HasSubstr("Permission denied"));
  EXPECT_THAT(run("mv made " + outside("moved")), testing::Not(testing::StartsWith("0 ")));
  EXPECT_THAT(run("echo x > /usr/made"), HasSubstr("Permission denied"));
  EXPECT_EQ(fs::exists(outside("made")), false);
  EXPECT_TRUE(fs::exists(outside("secret")));
}

TEST_F(Profile, ReadsTheSystemButNotWhatIsBesideIt) {
  EXPECT_THAT(run("cat " + outside("secret")), HasSubstr("Permission denied"));
  EXPECT_THAT(run("cat /etc/shadow"), HasSubstr("Permission denied"));
  EXPECT_THAT(run("ls " + outside()), HasSubstr("Permission denied"));
  EXPECT_THAT(run("ln -s " + outside("secret") + " link; cat link"),
              HasSubstr("Permission denied"));
  EXPECT_THAT(run("cat /proc/" + std::to_string(::getpid()) + "/environ"),
              HasSubstr("Permission denied"));
  EXPECT_EQ(run("head -c 4 /usr/bin/env | tail -c 3; test -r /etc/passwd"), "0 0 ELF");
}

TEST_F(Profile, ReadsAndExecutesWhatTheOperatorAdds) {
  std::ofstream(outside("tool")) << "#!/bin/sh\necho tool\n";
  fs::permissions(outside("tool"), fs::perms::owner_all);
  EXPECT_THAT(run(outside("tool")), HasSubstr("Permission denied"));
  system_paths_.push_back(outside());
  EXPECT_EQ(run(outside("tool")), "0 0 tool|");
  EXPECT_THAT(run("echo x > " + outside("made")), HasSubstr("Permission denied"));
}

TEST_F(Profile, GainsNothingBySetuidPrograms) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can make a program of another user";
  const fs::path program = workspace() / "who";
  fs::copy_file("/usr/bin/id", program);
  ASSERT_EQ(::chown(program.c_str(), 65534, 65534), 0);
  ASSERT_EQ(::chmod(program.c_str(), 04755), 0);
  EXPECT_EQ(run("./who -u"), "0 0 0|");
}

TEST_F(Profile, KeepsNoCapabilitiesButThoseOverFiles) {
  EXPECT_EQ(run("grep CapEff /proc/self/status | cut -f2"),
            ::geteuid() == 0 ? "0 0 000000000000001f|" : "0 0 0000000000000000|");
  EXPECT_THAT(run("mount -t tmpfs none ."), HasSubstr("permission denied"));
  EXPECT_THAT(run("kill -0 " + std::to_string(::getpid())), HasSubstr("not permitted"));
}

TEST_F(Profile, ReachesNoSocketOfThisMachineAndNoHostWithoutNetwork) {
  const UniqueFd door(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  socklen_t size = sizeof address;
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ASSERT_EQ(::bind(door.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  ASSERT_EQ(::listen(door.get(), 4), 0);
  ::getsockname(door.get(), reinterpret_cast<sockaddr*>(&address), &size);
  const std::string connect =
      "exec 3<>/dev/tcp/127.0.0.1/" + std::to_string(ntohs(address.sin_port));
  EXPECT_EQ(run("bash -c '" + connect + "' 2>&-"), "1 0 ");
  EXPECT_EQ(run("bash -c '" + connect + "' && echo connected", true), "0 0 connected|");
  const std::string unix_socket = "python3 -c 'import socket; socket.socket(socket.AF_UNIX)' 2>&-";
  EXPECT_EQ(run(unix_socket, true), "1 0 ");
}

TEST_F(Profile, LetsGitAndACompilerWork) {
  const auto made =
      run("set -e\n"
          "git init -q . && git config user.email a@b && git config user.name n\n"
          "printf 'int main(void) { return 7; }' > a.c && git add a.c && git commit -qm first\n"
          "cc a.c -o a && git status --short --untracked-files=no && git log --oneline | wc -l\n"
          "./a");
  EXPECT_EQ(made, "7 0 1|");
}

TEST_F(Profile, CanBeAskedForByOneCommandOfAPluginThatMayDoAnything) {
  ZooRun zoo("command confined", "cat " + outside("secret") + " 2>&1");
  zoo.spec.commands =
      CommandPlace{.directory = workspace(), .scratch = workspace(), .system_paths = system_paths_};
  EXPECT_THAT(zoo.run().result.message, HasSubstr("Permission denied"));
}

}  // namespace
}  // namespace ostler::plugin_host
