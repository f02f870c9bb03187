// SPDX-License-Identifier: Apache-2.0
#include "worker/step_events.hpp"

#include <gtest/gtest.h>

namespace ostler::worker {
namespace {

TEST(StepEvents, KeepAValueAsItWasWritten) {
  EXPECT_EQ(output_event("http-probe", "n", R"([1e14,0.10])").json,
            R"({"name":"n","plugin":"http-probe","value":[1e14,0.10]})");
}

TEST(StepEvents, TellAValueThatNoReaderTakesAsAText) {
  EXPECT_EQ(output_event("p", "n", "1e400").json, R"({"name":"n","plugin":"p","value":"1e400"})");
}

TEST(StepEvents, KeepTheDetailOfAResultAsItWasWritten) {
  const plugin_host::StepResult result{
      .outcome = plugin_host::Outcome::Passed, .exit_status = 0, .detail = R"({"n":1e14})"};
  EXPECT_EQ(result_event("p\"q", result).json,
            R"({"plugin":"p\"q","detail":{"n":1e14},"exit_status":0,"outcome":"passed",)"
            R"("retryable":false})");
}

TEST(StepEvents, KeepTheNumbersOfATableAsTheyWereWritten) {
  EXPECT_EQ(report_event("p", {"table", "t", R"({"columns":["n"],"rows":[[1.10]]})"}).json,
            R"({"kind":"table","name":"t","plugin":"p",)"
            R"("summary":{"columns":["n"],"rows":[[1.10]]}})");
}

}  // namespace
}  // namespace ostler::worker
