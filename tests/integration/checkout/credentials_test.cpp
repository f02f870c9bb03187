// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <csignal>

#include "integration/checkout/checkout_fixture.hpp"
#include "support/git_http_server.hpp"
#include "support/wait_until.hpp"

namespace ostler {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

/// A server that wants ann:secret, and a home directory with a .netrc or a credential helper.
class CredentialsTest : public CheckoutTest {
 protected:
  CredentialsTest() {
    std::filesystem::create_directories(home_);
    server_.protect("ann:secret");
  }

  Variables from(const std::string& url, Variables more = {}) const {
    more["BUILDKITE_REPO"] = url;
    return more;
  }
  std::string url(const std::string& credentials = "") const {
    return server_.url("source/.git", credentials);
  }

  void give_netrc(const std::string& password) const {
    write(home_ / ".netrc", "machine 127.0.0.1 login ann password " + password + "\n");
  }

  /// A helper that writes down what it is asked, and answers `script`.
  void give_helper(const std::string& script) const {
    write(home_ / "helper", "#!/bin/sh\necho \"$*\" >> " + asked_.string() + "\ncat >> " +
                                asked_.string() + "\n" + script + "\n");
    std::filesystem::permissions(home_ / "helper", std::filesystem::perms(0755));
    write(home_ / ".gitconfig", "[credential]\n  helper = " + (home_ / "helper").string() + "\n");
  }
  static std::string answer(const std::string& password) {
    return "[ $1 != get ] || printf 'username=ann\\npassword=" + password + "\\n'";
  }
  std::string asked() const { return std::filesystem::exists(asked_) ? read(asked_) : ""; }

  std::filesystem::path home_ = root_ / "home";
  std::filesystem::path asked_ = root_ / "asked";
  support::GitHttpServer server_{root_.path()};
};

TEST_F(CredentialsTest, ComeFromTheUsersNetrc) {
  give_netrc("secret");
  give_helper(answer("wrong"));
  const Outcome outcome = check_out(from(url()));
  ASSERT_EQ(outcome.code, 0) << outcome.log;
  EXPECT_THAT(outcome.log, Not(HasSubstr("secret")));
  EXPECT_EQ(git({"remote", "get-url", "origin"}, tree_), url());
  EXPECT_EQ(asked(), "");
}

TEST_F(CredentialsTest, ComeFromTheFileThatNetrcNames) {
  write(root_ / "other", "default login ann password secret");
  const Outcome outcome = check_out(from(url(), {{"NETRC", (root_ / "other").string()}}));
  EXPECT_EQ(outcome.code, 0) << outcome.log;
}

TEST_F(CredentialsTest, ComeFromACredentialHelperWhichHearsThatTheyWereRight) {
  give_helper(answer("secret"));
  const Outcome outcome = check_out(from(url()));
  ASSERT_EQ(outcome.code, 0) << outcome.log;
  EXPECT_THAT(outcome.log, Not(HasSubstr("secret")));
  EXPECT_THAT(asked(), testing::StartsWith("get\nprotocol=http\nhost=127.0.0.1:"));
  EXPECT_THAT(asked(), HasSubstr("store\n"));
  EXPECT_THAT(asked(), HasSubstr("password=secret\n"));
}

TEST_F(CredentialsTest, AreAskedForWithTheUserOfTheAddress) {
  give_helper("[ $1 != get ] || printf 'password=secret\\n'");
  const Outcome outcome = check_out(from(url("ann")));
  ASSERT_EQ(outcome.code, 0) << outcome.log;
  EXPECT_THAT(asked(), HasSubstr("username=ann\n"));
}

TEST_F(CredentialsTest, AreAskedForOnlyWhenTheServerWantsThem) {
  give_helper(answer("secret"));
  support::GitHttpServer open(root_.path());
  EXPECT_EQ(check_out(from(open.url("source/.git"))).code, 0);
  EXPECT_EQ(check_out(from(url("ann:secret"))).code, 0);
  EXPECT_EQ(check_out(from(open.url("nope/.git"))).code, 1);
  EXPECT_EQ(asked(), "");
}

TEST_F(CredentialsTest, OfTheAddressAreTheOnlyOnesWhenItHasAPassword) {
  give_helper(answer("secret"));
  const Outcome outcome = check_out(from(url("ann:wrong")));
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.log, HasSubstr("those of the address are refused"));
  EXPECT_EQ(asked(), "");
}

TEST_F(CredentialsTest, OfAHelperComeAfterThoseOfANetrcThatIsOutOfDate) {
  give_netrc("old");
  give_helper(answer("secret"));
  const Outcome outcome = check_out(from(url()));
  EXPECT_EQ(outcome.code, 0) << outcome.log;
}

TEST_F(CredentialsTest, ThatAreWrongEndTheCheckoutAtOnceAndAreForgotten) {
  give_netrc("old");
  give_helper(answer("forgotten"));
  const Outcome outcome = check_out(from(url()));
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.log, Not(HasSubstr("Checkout failed!")));
  EXPECT_THAT(outcome.log, HasSubstr("those in " + (home_ / ".netrc").string() + " are refused"));
  EXPECT_THAT(outcome.log, HasSubstr("those of git's credential helper are refused"));
  EXPECT_THAT(outcome.log, Not(HasSubstr("forgotten")));
  EXPECT_THAT(asked(), HasSubstr("erase\n"));
  EXPECT_THAT(asked(), Not(HasSubstr("store\n")));
}

TEST_F(CredentialsTest, ThatAreNowhereAreNamedWithThePlacesLookedAt) {
  const Outcome outcome = check_out(from(url()));
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.log, HasSubstr("the server wants credentials: none for 127.0.0.1 in " +
                                     (home_ / ".netrc").string()));
  EXPECT_THAT(outcome.log, HasSubstr("no credential helper of git has any (fatal: could not read"));
}

TEST_F(CredentialsTest, OfHelpersNeedTheGitProgram) {
  std::filesystem::create_directory(root_ / "no-git");
  std::filesystem::create_symlink("/bin/sh", root_ / "no-git/sh");
  const Outcome outcome = check_out(from(url(), {{"PATH", (root_ / "no-git").string()}}));
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.log, HasSubstr("the program git is not installed"));
}

TEST_F(CredentialsTest, AreNotAskedForAnAddressThatWouldAskForAnotherHost) {
  give_helper(answer("secret"));
  const Outcome outcome = check_out(from(server_.url("source%0ahost=other.example/.git")));
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.log, HasSubstr("control characters"));
  EXPECT_EQ(asked(), "");
}

TEST_F(CredentialsTest, DoNotFollowARedirectToAnotherHost) {
  support::GitHttpServer other(root_.path());
  server_.redirect_to(other);
  const Outcome outcome = check_out(from(url("ann:secret")));
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(other.requests(), 0);
  EXPECT_THAT(outcome.log, HasSubstr("use the final address"));
}

TEST_F(CredentialsTest, OfASilentHelperAreGivenUpAtACancel) {
  give_helper("echo $$ > " + (root_ / "pid").string() + "; exec sleep 600");
  support::ChildProgram program(command(root_ / "result.json"), root_.path(), job(from(url())));
  ASSERT_TRUE(support::wait_until(20s, [&] {
    return std::filesystem::exists(root_ / "pid") && read(root_ / "pid").ends_with('\n');
  }));
  program.signal(SIGTERM);
  EXPECT_EQ(program.wait(20s), 128 + SIGTERM);
  const std::string process = "/proc/" + read(root_ / "pid");
  EXPECT_TRUE(support::wait_until(20s, [&] {
    return read(process.substr(0, process.size() - 1) + "/cmdline").find("sleep") ==
           std::string::npos;
  }));
}

TEST_F(CredentialsTest, OfASilentHelperAreBoundedByTheAttempt) {
  give_helper("exec sleep 600");
  const Outcome outcome = check_out(
      from(url(), {{"BUILDKITE_CHECKOUT_ATTEMPTS", "1"}, {"BUILDKITE_GIT_CHECKOUT_TIMEOUT", "1"}}));
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.log, HasSubstr("took longer than 1 s"));
}

}  // namespace
}  // namespace ostler
