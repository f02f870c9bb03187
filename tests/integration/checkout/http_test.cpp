// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <csignal>

#include "integration/checkout/checkout_fixture.hpp"
#include "support/git_http_server.hpp"
#include "support/hub_process.hpp"
#include "support/test_certificate.hpp"
#include "support/wait_until.hpp"

namespace ostler {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

class HttpCheckoutTest : public CheckoutTest {
 protected:
  Variables from(const std::string& url, Variables more = {}) const {
    more["BUILDKITE_REPO"] = url;
    return more;
  }

  support::GitHttpServer server_{root_.path()};
};

TEST_F(HttpCheckoutTest, FetchesAndReuses) {
  const std::string url = server_.url("source/.git");
  const Outcome first = check_out(from(url));
  ASSERT_EQ(first.code, 0) << first.log;
  const std::string next = commit("Next");
  EXPECT_EQ(check_out(from(url)).commit, next);
  expect_sound(next);
  const int downloads = server_.downloads();
  EXPECT_EQ(check_out(from(url)).commit, next);
  EXPECT_EQ(server_.downloads(), downloads);
}

TEST_F(HttpCheckoutTest, AsksNobodyForACommitThatTheMirrorHas) {
  const std::string url = server_.url("source/.git");
  const std::string tip = check_out(from(url)).commit;
  const int requests = server_.requests();
  const Outcome again = check_out(
      from(url, {{"BUILDKITE_COMMIT", tip}, {"BUILDKITE_GIT_COMMIT_VERIFICATION", "off"}}));
  EXPECT_EQ(again.commit, tip);
  EXPECT_EQ(server_.requests(), requests);
}

/// A hub is no repository, but a server that speaks TLS.
TEST_F(HttpCheckoutTest, TrustsTheAuthoritiesThatAreNamedInTheEnvironment) {
  const auto files = support::make_certificate(root_.path(), "DNS:localhost");
  const std::string certificate = files.certificate.string();
  const support::HubProcess hub(root_.path(),
                                {"--tls-cert", certificate, "--tls-key", files.key.string()});
  const std::string url = "https://localhost:" + std::to_string(hub.port()) + "/none.git";
  const auto log_with = [&](const Variables& named) {
    Variables variables = from(url, {{"GIT_SSL_CAINFO", ""},
                                     {"GIT_SSL_CAPATH", ""},
                                     {"SSL_CERT_FILE", ""},
                                     {"SSL_CERT_DIR", ""},
                                     {"BUILDKITE_CHECKOUT_ATTEMPTS", "1"}});
    for (const auto& [name, value] : named) variables[name] = value;
    return check_out(variables).log;
  };
  // Neither the signer nor the name is right: two faults, in one line.
  const std::string refused = log_with(
      {{"BUILDKITE_REPO", "https://127.0.0.1:" + std::to_string(hub.port()) + "/none.git"}});
  EXPECT_THAT(refused, testing::ContainsRegex("the SSL certificate is invalid: [^\n]*; name the "
                                              "certificate of its authority in SSL_CERT_FILE"));
  EXPECT_THAT(refused, Not(HasSubstr("check the credentials")));
  for (const char* name : {"SSL_CERT_FILE", "GIT_SSL_CAINFO"}) {
    EXPECT_THAT(log_with({{name, certificate}}),
                testing::AllOf(Not(HasSubstr("certificate is")), HasSubstr("404")));
  }
}

TEST_F(HttpCheckoutTest, FetchesACommitByItsId) {
  const std::string first = git({"rev-parse", "HEAD"});
  const std::string hidden = commit("Hidden");
  git({"update-ref", "refs/hidden/x", hidden});
  git({"reset", "-q", "--hard", first});
  const Outcome outcome =
      check_out(from(server_.url("source/.git"),
                     {{"BUILDKITE_COMMIT", hidden}, {"BUILDKITE_GIT_COMMIT_VERIFICATION", "off"}}));
  ASSERT_EQ(outcome.code, 0) << outcome.log;
  expect_sound(hidden);
}

TEST_F(HttpCheckoutTest, TakesCredentialsFromTheUrlAndShowsThemNowhere) {
  server_.protect("ann:secret");
  const std::string url = server_.url("source/.git", "ann:secret");
  const Outcome outcome = check_out(from(url));
  ASSERT_EQ(outcome.code, 0) << outcome.log;
  EXPECT_THAT(outcome.log, Not(HasSubstr("secret")));
  EXPECT_THAT(read(tree_ / ".git/FETCH_HEAD"), Not(HasSubstr("secret")));
  EXPECT_THAT(outcome.mirror, Not(HasSubstr("secret")));
  EXPECT_EQ(git({"remote", "get-url", "origin"}, tree_), url);
}

TEST_F(HttpCheckoutTest, RefusesWrongCredentialsAndMissingRepositoriesAtOnce) {
  const Outcome missing = check_out(from(server_.url("nope/.git")));
  server_.protect("ann:secret");
  const Outcome denied = check_out(from(server_.url("source/.git", "ann:wrong")));
  for (const Outcome& outcome : {missing, denied}) {
    EXPECT_EQ(outcome.code, 1);
    EXPECT_THAT(outcome.log, HasSubstr("Error: http://127.0.0.1"));
    EXPECT_THAT(outcome.log, Not(HasSubstr("Checkout failed!")));
  }
  EXPECT_THAT(denied.log, HasSubstr("check the credentials"));
}

TEST_F(HttpCheckoutTest, TriesAgainWhenTheServerIsBusy) {
  server_.fail_next(1);
  const Outcome outcome = check_out(from(server_.url("source/.git")));
  EXPECT_EQ(outcome.code, 0) << outcome.log;
  EXPECT_THAT(outcome.log, HasSubstr("Checkout failed!"));
  EXPECT_THAT(outcome.log, HasSubstr("(Attempt 1/6 Retrying in "));
}

TEST_F(HttpCheckoutTest, EndsAfterItsAttempts) {
  server_.fail_next(1000);
  const Outcome outcome =
      check_out(from(server_.url("source/.git"), {{"BUILDKITE_CHECKOUT_ATTEMPTS", "2"}}));
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.log, HasSubstr("unexpected http status code: 503"));
}

TEST_F(HttpCheckoutTest, BoundsEachAttemptInTime) {
  server_.fall_silent();
  const Outcome outcome =
      check_out(from(server_.url("source/.git"), {{"BUILDKITE_CHECKOUT_ATTEMPTS", "1"},
                                                  {"BUILDKITE_GIT_CHECKOUT_TIMEOUT", "1"}}));
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.log, HasSubstr("took longer than 1 s"));
}

TEST_F(HttpCheckoutTest, StopsAtOnceOnASignalWhileTheServerIsSilent) {
  server_.fall_silent();
  support::ChildProgram program(command(root_ / "result.json"), root_.path(),
                                job(from(server_.url("source/.git"))));
  ASSERT_TRUE(support::wait_until(20s, [&] { return server_.requests() > 0; }));
  program.signal(SIGTERM);
  EXPECT_EQ(program.wait(20s), 128 + SIGTERM);
}

}  // namespace
}  // namespace ostler
