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

TEST(StepEvents, TellWhatARunTook) {
  const plugin_host::StepResult result{.outcome = plugin_host::Outcome::Passed, .exit_status = 0};
  const plugin_host::BoxUsage usage{
      std::chrono::microseconds(12'600), 3 << 20, {2, std::chrono::milliseconds(500)}};
  EXPECT_EQ(result_event("p", result, usage).json,
            R"({"plugin":"p","exit_status":0,"outcome":"passed","retryable":false,"usage":)"
            R"({"commands":2,"commands_processor_ms":500,"memory_bytes":3145728,)"
            R"("processor_ms":13}})");
}

TEST(StepEvents, KeepTheNumbersOfATableAsTheyWereWritten) {
  EXPECT_EQ(report_event("p", {"table", "t", R"({"columns":["n"],"rows":[[1.10]]})"}).json,
            R"({"kind":"table","name":"t","plugin":"p",)"
            R"("summary":{"columns":["n"],"rows":[[1.10]]}})");
}

}  // namespace
}  // namespace ostler::worker
