// SPDX-License-Identifier: Apache-2.0
#include "store_suite.hpp"

namespace ostler::store {
namespace {

OSTLER_STORE_SUITE(Agents);

TEST_P(Agents, AreReadByTheirIdsOnceAndInOrder) {
  const AgentId first = house_.connect_agent().id;
  const AgentId second = house_.connect_agent().id;
  const std::vector<AgentId> wanted = {second, AgentId::make(), first, second};
  const auto found = house_.get(house_.store().agents(wanted));
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].id, std::min(first, second));
  EXPECT_EQ(found[1].id, std::max(first, second));
}

}  // namespace
}  // namespace ostler::store
