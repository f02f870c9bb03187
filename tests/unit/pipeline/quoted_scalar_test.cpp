// SPDX-License-Identifier: Apache-2.0
#include "pipeline/quoted_scalar.hpp"

#include <gtest/gtest.h>

#include "pipeline/fault_list.hpp"
#include "pipeline/yaml_document.hpp"

namespace ostler::pipeline {
namespace {

TEST(UnclosedQuote, IsFoundInBothKindsOfQuotes) {
  EXPECT_TRUE(is_unclosed_quote("\"make\n"));
  EXPECT_TRUE(is_unclosed_quote("'make"));
  EXPECT_TRUE(is_unclosed_quote("'it''s"));
  EXPECT_TRUE(is_unclosed_quote("\"a\\\""));
  EXPECT_TRUE(is_unclosed_quote("&a !!str \"make"));
}

TEST(UnclosedQuote, IsNotSeenWhereTheQuoteCloses) {
  EXPECT_FALSE(is_unclosed_quote("\"make\"\n"));
  EXPECT_FALSE(is_unclosed_quote("'it''s'"));
  EXPECT_FALSE(is_unclosed_quote("\"a\\\"b\""));
  EXPECT_FALSE(is_unclosed_quote("&a 'x' # can't"));
  EXPECT_FALSE(is_unclosed_quote("plain \"text"));
  EXPECT_FALSE(is_unclosed_quote(""));
}

TEST(UnclosedQuote, MakesADocumentUnreadableAtItsQuote) {
  FaultList faults("p.yml");
  EXPECT_TRUE(read_yaml("steps:\n  - command: \"make\n", faults).empty());
  EXPECT_FALSE(faults.empty());
  FaultList none("p.yml");
  EXPECT_EQ(read_yaml("é: 1\nsteps:\n  - command: \"make\" # it's fine\n", none).size(), 1u);
  EXPECT_TRUE(none.empty());
}

}  // namespace
}  // namespace ostler::pipeline
