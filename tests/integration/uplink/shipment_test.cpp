// SPDX-License-Identifier: Apache-2.0
#include "integration/uplink/shipment_fixture.hpp"

namespace ostler::uplink {
namespace {

using support::ServerReply;

TEST_F(ShipmentTest, SendsStartChunksAndFinish) {
  write(std::string(250, 'x'));
  write_verdict(7);
  EXPECT_EQ(ship(), Delivery::Delivered);
  expect_whole(std::string(250, 'x'));
  EXPECT_EQ(job().chunks.size(), 3u);
  EXPECT_EQ(job().chunks.at(1).size, 100u);
  EXPECT_EQ(job().starts, 1);
  EXPECT_EQ(job().finish["exit_status"], "7");
}

TEST_F(ShipmentTest, SendsNoChunkForAJobThatSaidNothing) {
  write_verdict();
  EXPECT_EQ(ship(), Delivery::Delivered);
  EXPECT_TRUE(job().chunks.empty());
  EXPECT_EQ(job().finishes, 1);
}

TEST_F(ShipmentTest, CompressesLargeChunksBesideTheLoop) {
  std::string log;
  for (int i = 0; i < 100'000; ++i) log += std::to_string(i) + "\n";
  for (std::size_t at = 0; at < log.size(); at += 30'000) write(log.substr(at, 30'000));
  write_verdict();
  EXPECT_EQ(ship(200'000), Delivery::Delivered);
  expect_whole(log);
}

TEST_F(ShipmentTest, RepeatsTheSameExtentsAfterAKill) {
  hub_.fail("/chunks", support::SilentReply(), 2);
  write(std::string(150, 'a'));
  ship_until([this] { return hub_.count("/chunks") >= 2; });
  write(std::string(500, 'b'));
  write_verdict();
  EXPECT_EQ(ship(300), Delivery::Delivered);
  expect_whole(std::string(150, 'a') + std::string(500, 'b'));
  EXPECT_EQ(job().chunks.at(1).size, 100u);
  EXPECT_EQ(job().chunks.at(2).size, 50u);
}

TEST_F(ShipmentTest, SendsNothingAgainThatWasAcknowledged) {
  write(std::string(100, 'a'));
  ship_until([this] { return !job().chunks.empty() && hub_.count("/start") == 1; });
  const int chunks_before = hub_.count("/chunks");
  write_verdict();
  EXPECT_EQ(ship(), Delivery::Delivered);
  EXPECT_LE(hub_.count("/chunks") - chunks_before, 1);  // the answer may have come too late
  expect_whole(std::string(100, 'a'));
}

TEST_F(ShipmentTest, HasAtMostThreeChunksUnderWay) {
  hub_.fail("/chunks", support::SilentReply(), 3);
  write(std::string(1000, 'x'));
  write_verdict();
  ship_until([this] { return hub_.count("/chunks") >= 3; });
  EXPECT_EQ(hub_.count("/chunks"), 3);
  EXPECT_EQ(ship(), Delivery::Delivered);
  expect_whole(std::string(1000, 'x'));
}

TEST_F(ShipmentTest, WaitsForTheStartBeforeAnythingElse) {
  hub_.fail("/start", ServerReply{503, ""}, 3);
  write("hello");
  write_verdict();
  EXPECT_EQ(ship(), Delivery::Delivered);
  const auto requests = hub_.requests();
  const auto chunk = std::find_if(requests.begin(), requests.end(), [](const auto& line) {
    return line.find("/chunks") != std::string::npos;
  });
  EXPECT_EQ(std::count_if(requests.begin(), chunk,
                          [](const auto& line) { return line.ends_with("/start"); }),
            4);
  expect_whole("hello");
}

TEST_F(ShipmentTest, SendsNothingOfAJobWhoseStartIsRefused) {
  hub_.fail("/start", ServerReply{422, ""});
  write("hello");
  write_verdict();
  EXPECT_EQ(ship(), Delivery::RefusedStart);
  EXPECT_EQ(hub_.count("/chunks"), 0);
  EXPECT_EQ(hub_.count("/finish"), 0);
}

TEST_F(ShipmentTest, CountsTheChunksThatWereRefusedAlsoAcrossAKill) {
  hub_.fail("sequence=1", ServerReply{413, ""});
  hub_.fail("/finish", support::SilentReply(), 1);
  write("hello");
  write_verdict();
  ship_until([this] { return hub_.count("/finish") == 1; });
  EXPECT_EQ(ship(), Delivery::Delivered);
  EXPECT_EQ(job().finish["chunks_failed_count"], 1);
  EXPECT_EQ(hub_.count("sequence=1"), 1);
}

TEST_F(ShipmentTest, TakesARefusedFinishForFinal) {
  hub_.fail("/finish", ServerReply{422, ""});
  write_verdict();
  EXPECT_EQ(ship(), Delivery::RefusedFinish);
  EXPECT_EQ(hub_.count("/finish"), 1);
}

TEST_F(ShipmentTest, ReportsAJournalThatEndsWithoutAVerdictAsLost) {
  write("hello");
  Attempt attempt(*this, 100);
  attempt.shipment->journal_ended();
  attempt.io.run();
  EXPECT_EQ(attempt.delivery, Delivery::Delivered);
  expect_whole("hello");
  EXPECT_EQ(job().finish["exit_status"], "-1");
  EXPECT_EQ(job().finish["signal_reason"], "process_run_error");
}

TEST_F(ShipmentTest, RemovesSegmentsThatWereShipped) {
  const std::string piece(1u << 20, 'z');
  for (int i = 0; i < 40; ++i) write(piece);
  write_verdict();
  const auto segments = [this] {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(directory())) {
      if (entry.path().filename().string().starts_with("journal.")) ++count;
    }
    return count;
  };
  ASSERT_GE(segments(), 3u);
  EXPECT_EQ(ship(1u << 20), Delivery::Delivered);
  EXPECT_EQ(segments(), 1u);
  EXPECT_EQ(job().chunks.size(), 40u);
}

}  // namespace
}  // namespace ostler::uplink
