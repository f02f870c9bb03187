// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "integration/keeper/driven_keeper.hpp"

namespace ostler::keeper {
namespace {

using journal::Cause;
using journal::RecordType;

TEST(Keeper, WritesOutputAndTheVerdictOfANormalEnd) {
  DrivenKeeper keeper;
  keeper.give("started\noutput one\noutput two\nreport 3\n");
  keeper.await<supervise::Done>();
  const auto journal = keeper.finish();
  EXPECT_EQ(journal.output, "one\ntwo\n");
  EXPECT_EQ(journal.types, (std::vector{RecordType::Started, RecordType::Output, RecordType::Output,
                                        RecordType::Verdict}));
  ASSERT_TRUE(journal.verdict);
  EXPECT_EQ(journal.verdict->cause, Cause::Exited);
  EXPECT_EQ(journal.verdict->exit_status, 3);
  EXPECT_FALSE(std::filesystem::exists(keeper.directory() / "k"));
}

}  // namespace
}  // namespace ostler::keeper
