// SPDX-License-Identifier: Apache-2.0
#include "diag/hub_metrics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostler::diag {
namespace {

using testing::HasSubstr;

TEST(HubMetrics, CountTheWaitsOfEachQueueInBuckets) {
  HubMetrics metrics;
  metrics.job_accepted("default", std::chrono::milliseconds(3));
  metrics.job_accepted("default", std::chrono::seconds(20));
  metrics.job_accepted("mac", std::chrono::seconds(1));
  const std::string text = metrics.text({});
  EXPECT_THAT(text, HasSubstr("# TYPE ostler_hub_queue_wait_seconds histogram"));
  EXPECT_THAT(text,
              HasSubstr("ostler_hub_queue_wait_seconds_bucket{queue=\"default\",le=\"0.0025\"} 0"));
  EXPECT_THAT(text,
              HasSubstr("ostler_hub_queue_wait_seconds_bucket{queue=\"default\",le=\"0.005\"} 1"));
  EXPECT_THAT(text,
              HasSubstr("ostler_hub_queue_wait_seconds_bucket{queue=\"default\",le=\"+Inf\"} 2"));
  EXPECT_THAT(text, HasSubstr("ostler_hub_queue_wait_seconds_count{queue=\"mac\"} 1"));
}

TEST(HubMetrics, ShowLevelsAsTheyAreAndCountersThatOnlyGrow) {
  HubMetrics metrics;
  metrics.log_acknowledged(100, 30);
  metrics.log_acknowledged(10, 5);
  metrics.text({.jobs = {{"running", 7}}, .connected_agents = 9, .commits = 5, .commands = 8});
  const std::string text = metrics.text({.jobs = {{"running", 2}},
                                         .connected_agents = 1,
                                         .commits = 6,
                                         .commands = 8,
                                         .disk_bytes = 1000,
                                         .disk_free_bytes = 10});
  EXPECT_THAT(text, HasSubstr("ostler_hub_jobs{state=\"running\"} 2"));
  EXPECT_THAT(text, HasSubstr("ostler_hub_agents_connected 1"));
  EXPECT_THAT(text, HasSubstr("ostler_hub_commits_total 6"));
  EXPECT_THAT(text, HasSubstr("ostler_hub_commands_total 8"));
  EXPECT_THAT(text, HasSubstr("ostler_hub_log_bytes_total 110"));
  EXPECT_THAT(text, HasSubstr("ostler_hub_log_compressed_bytes_total 35"));
  EXPECT_THAT(text, HasSubstr("ostler_hub_disk_free_bytes 10"));
}

}  // namespace
}  // namespace ostler::diag
