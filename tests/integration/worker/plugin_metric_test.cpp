// SPDX-License-Identifier: Apache-2.0
// Figures that step plugins tell: real keepers, workers and boxes, a server of the test.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/worker/plugin_jobs.hpp"

namespace ostler::worker {
namespace {

using testing::HasSubstr;
using testing::Not;

class PluginMetric : public PluginJobs {
 protected:
  PluginMetric() { permit(R"({"services": ["metric"], "secrets": ["KEY"]})"); }

  std::string log_of(const std::string& script, const std::string& server = "") const {
    return run("", {{"OSTLER_SERVER_SERVICES", server},
                    {"BUILDKITE_PLUGINS",
                     R"([{"ostler://zoo#1": {"do": "call", "path": ")" + script + R"("}}])"}})
        .text;
  }
};

TEST_F(PluginMetric, IsALineOfTheLogWhereTheServerTakesNone) {
  const std::string script = R"(ostler.metric/1/count|tests|214\n)"
                             R"(ostler.metric/1/duration|suite|9000\n)"
                             R"(ostler.metric/1/cost|model|-0.25|USD)";
  const std::string log = log_of(script);
  EXPECT_THAT(log, HasSubstr("# metric tests = 214\x1b"));
  EXPECT_THAT(log, HasSubstr("# metric suite = 9000 ms\x1b"));
  EXPECT_THAT(log, HasSubstr("# metric model = -0.25 USD\x1b"));
  EXPECT_THAT(log, HasSubstr("passed: 0 ; 0 ; 0 "));
  EXPECT_THAT(log_of(script, "events"), Not(HasSubstr("# metric")));
}

TEST_F(PluginMetric, IsRefusedWhenItIsNone) {
  const char* faults[][2] = {{"count|Tests|1", "7 the name of a metric"},
                             {"count|tests|1.5", "7 the count is a whole number"},
                             {"count|tests|1234567890123456", "7 the count is a whole number"},
                             {"duration|tests|soon", "7 the duration is a whole number"},
                             {"cost|model|.5|USD", "7 the amount of a cost"},
                             {"cost|model|1e3|USD", "7 the amount of a cost"},
                             {"cost|model|1|usd", "7 the currency of a cost"},
                             {"cost|model|1", "7 ostler.metric/1/cost takes 3 arguments, not 2"},
                             {"mean|tests|1", "3 this host has no call ostler.metric/1/mean"}};
  for (const auto& [call, answer] : faults) {
    EXPECT_THAT(log_of("ostler.metric/1/" + std::string(call)), HasSubstr(answer)) << call;
  }
}

TEST_F(PluginMetric, IsBoundedInNumber) {
  std::string script;
  for (int i = 0; i < 501; ++i) script += R"(ostler.metric/1/count|n|1\n)";
  const std::string log = log_of(script, "events");
  EXPECT_THAT(log, HasSubstr("7 the job has told 500 metrics already"));
}

}  // namespace
}  // namespace ostler::worker
