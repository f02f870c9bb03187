// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/keeper/driven_keeper.hpp"

namespace ostler::keeper {
namespace {

using supervise::Channel;
using supervise::Hello;
using supervise::Refused;
using supervise::Welcome;

template <class Message>
void say(Channel& channel, const Message& message) {
  ASSERT_TRUE(channel.send(message, kLimit));
}

TEST(KeeperAdoption, ServesTheNextAgentAfterTheFirstDied) {
  DrivenKeeper keeper;
  keeper.give("started\noutput ready\nwait-cancel\nreport 0\n");
  keeper.await_output("ready");
  keeper.drop_agent();

  Channel next = keeper.connect();
  say(next, Hello{.epoch = 2});
  const auto welcome = DrivenKeeper::await_on<Welcome>(next);
  EXPECT_EQ(welcome.state, supervise::KeeperState::Running);
  EXPECT_EQ(welcome.output, 6u);
  say(next, supervise::Cancel{});
  EXPECT_NO_THROW(DrivenKeeper::await_on<supervise::Done>(next));
  EXPECT_TRUE(keeper.finish().verdict);
}

TEST(KeeperAdoption, ObeysTheHigherEpochAndRefusesTheLower) {
  DrivenKeeper keeper;
  keeper.give("started\noutput ready\nwait-cancel\nreport 0\n");
  keeper.await_output("ready");
  Channel higher = keeper.connect();
  say(higher, Hello{.epoch = 7});
  DrivenKeeper::await_on<Welcome>(higher);
  EXPECT_THAT(keeper.await<Refused>().reason, testing::HasSubstr("taken over"));

  Channel lower = keeper.connect();
  say(lower, Hello{.epoch = 6});
  EXPECT_EQ(DrivenKeeper::await_on<Refused>(lower).highest_epoch, 7u);
  EXPECT_EQ(lower.receive(kLimit).error().code(), Errc::Unavailable);

  say(higher, supervise::Cancel{});
  EXPECT_NO_THROW(DrivenKeeper::await_on<supervise::Done>(higher));
}

TEST(KeeperAdoption, RefusesAnotherMajorVersion) {
  DrivenKeeper keeper;
  keeper.hello();
  Channel other = keeper.connect();
  say(other, Hello{.major = supervise::kProtocolMajor + 1, .epoch = 9});
  EXPECT_EQ(DrivenKeeper::await_on<Refused>(other).major, supervise::kProtocolMajor);
  keeper.send(supervise::Notify{});
  keeper.send(supervise::Job{"output still obeyed\nreport 0\n"});
  EXPECT_NO_THROW(keeper.await<supervise::Done>());
}

TEST(KeeperAdoption, RefusesWhoSaysSomethingElseThanHello) {
  DrivenKeeper keeper;
  keeper.hello();
  Channel rude = keeper.connect();
  say(rude, supervise::Cancel{});
  EXPECT_NO_THROW(DrivenKeeper::await_on<Refused>(rude));
  keeper.send(supervise::Job{"output fine\nreport 0\n"});
  const auto journal = keeper.finish();
  ASSERT_TRUE(journal.verdict);
  EXPECT_EQ(journal.verdict->cause, journal::Cause::Exited);
}

TEST(KeeperAdoption, TakesTheJobOnlyOnce) {
  DrivenKeeper keeper;
  keeper.give("started\noutput ready\nwait-cancel\nreport 0\n");
  keeper.send(supervise::Job{"report 1\n"});
  EXPECT_THAT(keeper.await<Refused>().reason, testing::HasSubstr("has a job already"));
}

}  // namespace
}  // namespace ostler::keeper
