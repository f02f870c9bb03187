// SPDX-License-Identifier: Apache-2.0
#include "hub/asked_repositories.hpp"

#include <gtest/gtest.h>

namespace ostler::hub {
namespace {

TEST(AskedRepositories, AreTheLastOfEachJob) {
  AskedRepositories asked;
  const JobId one = JobId::make();
  const JobId other = JobId::make();
  asked.remember(one, {"a", 443});
  asked.remember(one, {"b", 8443});
  asked.remember(other, {"c", 443});
  EXPECT_EQ(asked.last_of(one), (RepositoryEndpoint{"b", 8443}));
  EXPECT_EQ(asked.last_of(other), (RepositoryEndpoint{"c", 443}));
  EXPECT_EQ(asked.last_of(JobId::make()), std::nullopt);
}

TEST(AskedRepositories, ForgetTheOldestOfTooMany) {
  AskedRepositories asked;
  const JobId oldest = JobId::make();
  const JobId newer = JobId::make();
  asked.remember(oldest, {"a", 443});
  asked.remember(newer, {"b", 443});
  for (std::size_t i = 2; i <= AskedRepositories::kMostRemembered; ++i) {
    asked.remember(JobId::make(), {"c", 443});
  }
  EXPECT_EQ(asked.last_of(oldest), std::nullopt);
  EXPECT_TRUE(asked.last_of(newer));
}

}  // namespace
}  // namespace ostler::hub
