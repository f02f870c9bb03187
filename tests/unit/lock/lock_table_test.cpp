// SPDX-License-Identifier: Apache-2.0
#include "lock/lock_table.hpp"

#include <gtest/gtest.h>

#include <memory>

namespace ostler::lock {
namespace {

using Waiters = std::vector<std::unique_ptr<LockTable::Place>>;

bool swap(LockTable& table, const std::string& key, const std::string& expected,
          const std::string& next) {
  return table.compare_and_swap(key, expected, next).value().swapped;
}

TEST(LockTable, SwapsOnlyWhatIsAsExpected) {
  LockTable table;
  EXPECT_EQ(table.value("k"), "");
  EXPECT_TRUE(swap(table, "k", "", "mine"));
  const auto refused = table.compare_and_swap("k", "", "yours").value();
  EXPECT_FALSE(refused.swapped);
  EXPECT_EQ(refused.value, "mine");
  EXPECT_EQ(table.value("other"), "");
  EXPECT_TRUE(swap(table, "k", "mine", ""));
  EXPECT_EQ(table.value("k"), "");
  EXPECT_TRUE(table.all().empty()) << "a free lock takes no room";
}

TEST(LockTable, ServesThoseWhoWaitInTheirOrder) {
  LockTable table;
  std::string served;
  ASSERT_TRUE(swap(table, "k", "", "first"));
  Waiters waiters;
  for (const char* name : {"a", "b", "c"}) {
    waiters.push_back(std::make_unique<LockTable::Place>(table, "k", "", name,
                                                         [&served, name] { served += name; }));
  }
  waiters[1].reset();
  EXPECT_TRUE(swap(table, "k", "first", ""));
  EXPECT_EQ(table.value("k"), "a");
  EXPECT_TRUE(waiters[0]->was_given());
  EXPECT_FALSE(waiters[2]->was_given());
  EXPECT_FALSE(swap(table, "k", "", "poller")) << "nobody slips in between";
  EXPECT_TRUE(swap(table, "k", "a", ""));
  EXPECT_EQ(served, "ac");
}

TEST(LockTable, LetsDoneWorkGiveWayAndNothingElse) {
  LockTable table;
  ASSERT_TRUE(swap(table, "held", "", "token"));
  ASSERT_TRUE(swap(table, "old", "", "done"));
  for (std::size_t count = 2; count < kMostKeys; ++count) {
    ASSERT_TRUE(swap(table, "k" + std::to_string(count), "", "token"));
  }
  EXPECT_TRUE(swap(table, "new", "", "token"));
  EXPECT_EQ(table.value("old"), "");
  EXPECT_EQ(table.value("held"), "token");
  EXPECT_EQ(table.compare_and_swap("newer", "", "token").error().code(), Errc::Unavailable);
  EXPECT_TRUE(swap(table, "held", "token", "other")) << "a known key needs no room";
}

TEST(LockTable, RefusesTextsThatAreTooLong) {
  LockTable table;
  const std::string text(kLongestText + 1, 'x');
  EXPECT_EQ(table.compare_and_swap(text, "", "v").error().code(), Errc::UserFault);
  EXPECT_EQ(table.compare_and_swap("k", "", text).error().code(), Errc::UserFault);
  EXPECT_EQ(table.compare_and_swap("", "", "v").error().code(), Errc::UserFault);
}

TEST(LockTable, GoesOnWhereAnotherEnded) {
  LockTable table;
  ASSERT_TRUE(swap(table, "a", "", "1"));
  ASSERT_TRUE(swap(table, "b", "", "2"));
  ASSERT_TRUE(swap(table, "a", "1", "3"));
  LockTable next;
  next.restore(table.all());
  EXPECT_EQ(next.all(), table.all());
  EXPECT_EQ(next.all().back().first, "a") << "what was changed last stands last";
}

}  // namespace
}  // namespace ostler::lock
