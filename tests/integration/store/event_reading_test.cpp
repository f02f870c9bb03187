// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "store/sqlite/commands.hpp"
#include "store/sqlite/queries.hpp"
#include "support/store_house.hpp"
#include "support/temp_directory.hpp"

namespace ostler::store {
namespace {

TEST(EventReading, TakesAnEventOfNoJobForDamage) {
  const support::TempDirectory directory;
  std::optional<support::StoreHouse> house(directory.path());
  const BuildId build = house->create_build("steps: [{key: a, command: x}]").build.id;
  house->store().close();
  auto database =
      sqlite::Connection::open(directory.path() / "ostler.db", sqlite::Access::ReadWrite).value();
  ASSERT_TRUE(sqlite::load_build_events(database, {.build = build}));
  ASSERT_TRUE(database.run("UPDATE build_events SET subject = NULL WHERE job_id IS NOT NULL"));
  const auto events = sqlite::load_build_events(database, {.build = build});
  ASSERT_FALSE(events);
  EXPECT_EQ(events.error().code(), Errc::Corrupt);
}

}  // namespace
}  // namespace ostler::store
