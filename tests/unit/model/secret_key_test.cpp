// SPDX-License-Identifier: Apache-2.0
#include "model/secret_key.hpp"

#include <gtest/gtest.h>

#include <string>

namespace ostler::model {
namespace {

TEST(SecretKey, IsAWordThatIsNoneOfTheAgents) {
  for (const char* key : {"a", "DEPLOY_KEY", "k8s", "Bake"}) EXPECT_TRUE(is_secret_key(key)) << key;
  for (const char* key :
       {"", "1a", "_a", "a-b", "a b", "BK", "bk_x", "BuildKite_token", "\xc3\xa4"}) {
    EXPECT_FALSE(is_secret_key(key)) << key;
  }
  EXPECT_TRUE(is_secret_key(std::string(255, 'a')));
  EXPECT_FALSE(is_secret_key(std::string(256, 'a')));
}

}  // namespace
}  // namespace ostler::model
