// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <filesystem>
#include <iterator>

#include "files/file.hpp"
#include "integration/keeper/driven_keeper.hpp"

namespace ostler::keeper {
namespace {

std::ptrdiff_t count_entries(const std::filesystem::path& directory) {
  return std::distance(std::filesystem::directory_iterator(directory),
                       std::filesystem::directory_iterator());
}

void run_one_job() {
  DrivenKeeper keeper;
  keeper.give("started\nshell setsid sleep 98764 >/dev/null 2>&1 &\noutput x\nreport 0\n");
  keeper.await<supervise::Done>();
  ASSERT_TRUE(keeper.finish().verdict);
}

TEST(KeeperResidue, LeavesNoProcessAndNoDescriptorAfterManyJobs) {
  run_one_job();
  const auto descriptors = count_entries("/proc/self/fd");
  for (int i = 0; i < 200; ++i) run_one_job();
  EXPECT_EQ(count_entries("/proc/self/fd"), descriptors);
  EXPECT_FALSE(is_running(std::string("sleep") + '\0' + "98764"));
  const auto children = files::read_file("/proc/thread-self/children");
  ASSERT_TRUE(children);
  EXPECT_EQ(children.value(), "");
}

}  // namespace
}  // namespace ostler::keeper
