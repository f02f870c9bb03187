// SPDX-License-Identifier: Apache-2.0
// What a fault of the server costs a job, report by report.
#include "integration/uplink/shipment_fixture.hpp"

namespace ostler::uplink {
namespace {

using support::ServerReply;

/// What becomes of a job's result and log when one of its reports meets a fault, three times if
/// that may heal.
enum class Fate {
  Whole,         ///< everything arrives, once
  WithoutChunk,  ///< the result arrives and says that a chunk of the log is missing
  NotRun,        ///< the server does not want the job: nothing is reported
  EndedThere,    ///< the server has an end of its own for the job
};

struct FaultRow {
  const char* name;
  support::ServerAnswer answer;
  bool is_obeyed;  ///< the call took effect, only its answer is lost
  Fate start;
  Fate chunk;
  Fate finish;
};

void PrintTo(const FaultRow& fault, std::ostream* out) { *out << fault.name; }

ServerReply refusal(int status) { return {status, R"({"message":"no"})"}; }

const FaultRow kFaults[] = {
    {"AnswerLost", support::ResetReply(), true, Fate::Whole, Fate::Whole, Fate::Whole},
    {"Reset", support::ResetReply(), false, Fate::Whole, Fate::Whole, Fate::Whole},
    {"CutAnswer", support::RawReply{"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{", true}, true,
     Fate::Whole, Fate::Whole, Fate::Whole},
    {"Unauthorized", refusal(401), false, Fate::NotRun, Fate::WithoutChunk, Fate::EndedThere},
    {"NotFound", refusal(404), false, Fate::NotRun, Fate::WithoutChunk, Fate::EndedThere},
    {"Conflict", refusal(409), false, Fate::NotRun, Fate::WithoutChunk, Fate::EndedThere},
    {"Unprocessable", refusal(422), false, Fate::NotRun, Fate::WithoutChunk, Fate::EndedThere},
    {"TooMany", ServerReply{429, "", {{"Retry-After", "1"}}}, false, Fate::Whole,
     Fate::WithoutChunk, Fate::Whole},
    {"Broken", ServerReply{500, ""}, false, Fate::Whole, Fate::Whole, Fate::Whole},
    {"BadGatewayInHtml", ServerReply{502, "<html>bad gateway</html>"}, false, Fate::Whole,
     Fate::Whole, Fate::Whole},
};

class ReportFaults : public ShipmentTest, public testing::WithParamInterface<FaultRow> {
 protected:
  void meet(const std::string& call, Fate fate) {
    const FaultRow& fault = GetParam();
    if (fault.is_obeyed) {
      hub_.lose_answers(call, 3, fault.answer);
    } else {
      hub_.fail(call, fault.answer, fate == Fate::Whole ? 3 : 1);
    }
    write(std::string(250, 'x'));
    write_verdict(7);
    const Delivery delivery = ship();
    EXPECT_EQ(delivery == Delivery::RefusedStart, fate == Fate::NotRun);
    EXPECT_EQ(delivery == Delivery::RefusedFinish, fate == Fate::EndedThere);
    const support::FakeJob found = job();
    EXPECT_EQ(found.conflicting_chunks, 0);
    EXPECT_FALSE(found.finished_before_chunks);
    if (fate == Fate::Whole || fate == Fate::WithoutChunk) {
      EXPECT_EQ(found.finish["exit_status"], "7");
      EXPECT_EQ(found.finish["chunks_failed_count"], fate == Fate::Whole ? 0 : 1);
      EXPECT_EQ(found.is_contiguous(), fate == Fate::Whole);
    } else {
      EXPECT_EQ(found.finishes, 0);
    }
    if (fate == Fate::Whole || fate == Fate::EndedThere) {
      EXPECT_EQ(found.log(), std::string(250, 'x'));
    }
    if (fate == Fate::NotRun) {
      EXPECT_TRUE(found.chunks.empty());
    }
  }
};

TEST_P(ReportFaults, OfAStart) { meet("/start", GetParam().start); }
TEST_P(ReportFaults, OfAChunk) { meet("sequence=2", GetParam().chunk); }
TEST_P(ReportFaults, OfAFinish) { meet("/finish", GetParam().finish); }

INSTANTIATE_TEST_SUITE_P(Each, ReportFaults, testing::ValuesIn(kFaults),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace ostler::uplink
