// SPDX-License-Identifier: Apache-2.0
#include "diag/log.hpp"
#include "integration/uplink/shipment_fixture.hpp"

namespace ostler::uplink {
namespace {

class ShipmentEvents : public ShipmentTest {
 protected:
  static void SetUpTestSuite() { diag::set_up_log({}); }  // standard error, as in the programs
};

TEST_F(ShipmentEvents, AreToldInOrderBeforeTheFinish) {
  write("one");
  write_event("output", R"({"a":1})");
  write("two");
  write_event("result", "{}");
  write_verdict();
  EXPECT_EQ(ship(), Delivery::Delivered);
  expect_whole("onetwo");
  EXPECT_EQ(told(), "output {\"a\":1}\nresult {}\n");
  EXPECT_EQ(job().events.begin()->first, 1) << "the number of its record";
  EXPECT_FALSE(job().finished_before_events);
}

TEST_F(ShipmentEvents, AreNotToldToServersThatDoNotAskForThem) {
  takes_events_ = false;
  write_event("output", "1");
  write_verdict();
  EXPECT_EQ(ship(), Delivery::Delivered);
  EXPECT_EQ(hub_.count("/events"), 0);
}

TEST_F(ShipmentEvents, AreToldByTheNextAgentWhenThisOneIsKilled) {
  hub_.fail("/events", support::SilentReply(), 1);
  write_event("output", "1");
  ship_until([this] { return hub_.count("/events") >= 1; });
  write_event("output", "2");
  write_verdict();
  EXPECT_EQ(ship(), Delivery::Delivered);
  EXPECT_EQ(told(), "output 1\noutput 2\n");
  EXPECT_FALSE(job().finished_before_events);
}

TEST_F(ShipmentEvents, AreNotToldAgainOnceAcknowledged) {
  write_event("output", "1");
  ship_until([this] { return hub_.count("/events") == 1 && !job().events.empty(); });
  ship_until([this] { return hub_.count("/start") >= 1; });
  const int before = hub_.count("/events");
  write_event("output", "2");
  write_verdict();
  EXPECT_EQ(ship(), Delivery::Delivered);
  EXPECT_EQ(told(), "output 1\noutput 2\n");
  EXPECT_LE(hub_.count("/events") - before, 2);  // an answer may have come too late
}

TEST_F(ShipmentEvents, ComeAgainUnderTheSameNumberAfterALostAnswer) {
  hub_.lose_answers("/events");
  write_event("output", "1");
  write_verdict();
  EXPECT_EQ(ship(), Delivery::Delivered);
  EXPECT_EQ(told(), "output 1\n");
  EXPECT_EQ(job().repeated_events, 1);
}

TEST_F(ShipmentEvents, ThatAreRefusedHoldNothingUp) {
  hub_.fail("/events", support::ServerReply{400, "{}"}, 1);
  write("log");
  write_event("output", "1");
  write_verdict();
  EXPECT_EQ(ship(), Delivery::Delivered);
  expect_whole("log");
}

TEST_F(ShipmentEvents, ThatAreRefusedAreLostAlone) {
  std::string others;
  write_event("refused", "1");
  for (int i = 0; i < 200; ++i) {
    const std::string number = std::to_string(i);
    write_event("output", number);
    others += "output " + number + "\n";
  }
  write_event("refused", "2");
  write_verdict();
  testing::internal::CaptureStderr();
  EXPECT_EQ(ship(), Delivery::Delivered);
  const std::string said = testing::internal::GetCapturedStderr();
  EXPECT_EQ(told(), others);
  EXPECT_EQ(job().repeated_events, 0);
  EXPECT_LT(hub_.count("/events"), 40) << "the halves, not each by itself";
  const std::string loss = "events of the job are lost";
  const std::size_t at = said.find(loss);
  ASSERT_NE(at, said.npos) << said;
  EXPECT_EQ(said.find(loss, at + 1), said.npos) << said;
}

TEST_F(ShipmentEvents, AreNotToldOneByOneToAServerThatRefusesTheJob) {
  hub_.fail("/events", support::ServerReply{404, "{}"});
  for (int i = 0; i < 20; ++i) write_event("output", "1");
  write_verdict();
  EXPECT_EQ(ship(), Delivery::Delivered);
  EXPECT_EQ(told(), "");
  EXPECT_EQ(hub_.count("/events"), 1);
}

TEST_F(ShipmentEvents, ThatAreTooLongForTheServerAreLeftOutAlone) {
  write_event("output", '"' + std::string(wire::kLongestEventData, 'x') + '"');
  write_event("result", "{}");
  write_verdict();
  EXPECT_EQ(ship(), Delivery::Delivered);
  EXPECT_EQ(told(), "result {}\n");
}

TEST_F(ShipmentEvents, AreReadAheadInPartsHoweverManyThereAre) {
  std::string expected;
  const std::string text = '"' + std::string(10'000, 'x') + '"';
  for (int i = 0; i < 300; ++i) {
    write_event("output", text);
    write("x");
    expected += "output " + text + "\n";
  }
  write_verdict();
  EXPECT_EQ(ship(), Delivery::Delivered);
  expect_whole(std::string(300, 'x'));
  EXPECT_EQ(told(), expected);
  EXPECT_GE(hub_.count("/events"), 300 * 10'000 / (256 << 10));
}

}  // namespace
}  // namespace ostler::uplink
