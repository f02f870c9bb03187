// SPDX-License-Identifier: Apache-2.0
// `ostler token create --api` at a hub of this machine whose every answer the test decides.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/child_program.hpp"
#include "support/scripted_server.hpp"
#include "support/tcp_proxy.hpp"
#include "support/temp_directory.hpp"

namespace ostler {
namespace {

using support::ServerReply;
using testing::HasSubstr;

constexpr const char* kMade =
    R"({"url":"http://hub.example","organization":"acme","token":"ostu_1"})";

class ApiTokens : public testing::Test {
 protected:
  /// Asks for one in a shell, with that behind the command. Nobody reads descriptor 3.
  support::ProgramResult create(const std::string& behind = "") const {
    const std::string command =
        "exec 3> >(:); wait $!; exec \"$0\" token create --api dash --scopes all --data-path "
        "\"$1\" " +
        behind;
    return support::run_program(
        {"/bin/bash", "-c", command, support::ostler_program(), directory_.path()});
  }

  ServerReply answer_{.body = kMade};

 private:
  const support::TempDirectory directory_;
  support::ScriptedServer server_{
      [this](const support::ServerRequest&) -> boost::asio::awaitable<support::ServerAnswer> {
        co_return answer_;
      }};
  support::TcpProxy socket_{server_.port(), directory_ / "hub.sock"};
};

TEST_F(ApiTokens, ArePrintedOnceTheyAreMade) {
  const auto made = create();
  EXPECT_EQ(made.code, 0) << made.err;
  EXPECT_EQ(made.out, "ostu_1\n");
}

TEST_F(ApiTokens, AreSaidToBeLostWhenNobodyReadsThem) {
  for (const std::string form : {"", "--json "}) {
    const auto unread = create(form + ">&3");
    EXPECT_EQ(unread.code, 1);
    EXPECT_THAT(unread.err, HasSubstr("the token is lost, revoke it"));
  }
}

TEST_F(ApiTokens, AreAFailureOfTheHubWhereItCannotMakeThemNow) {
  for (const int status : {429, 500, 503}) {
    answer_ = {status, R"({"message":"not now"})"};
    const auto failed = create();
    EXPECT_EQ(failed.code, 1) << status;
    EXPECT_EQ(failed.err, "ostler: the hub cannot do it: not now\n");
  }
}

TEST_F(ApiTokens, AreRefusedWhereTheAskerIsToBlame) {
  answer_ = {422, R"({"message":"no such scope"})"};
  const auto refused = create();
  EXPECT_EQ(refused.code, 2);
  EXPECT_EQ(refused.err, "ostler: the hub refuses: no such scope\n");
}

}  // namespace
}  // namespace ostler
