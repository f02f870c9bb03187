// SPDX-License-Identifier: Apache-2.0
#include "cli/up_summary.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace ostler::cli {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

UpFacts facts_of(std::string listen) {
  return {.access = {.url = "http://127.0.0.1:7450", .organization = "acme", .token = Secret("t")},
          .agent_token = Secret("a"),
          .listen = std::move(listen),
          .data = "/data"};
}

TEST(UpSummary, WarnsInBothFormsWithTheSameWords) {
  for (const char* const listen : {"0.0.0.0:7450", "192.0.2.1:7450"}) {
    const UpFacts facts = facts_of(listen);
    const json warnings = json::parse(up_json(facts))["warnings"];
    ASSERT_EQ(warnings.size(), 1u) << listen;
    EXPECT_THAT(warnings[0].get<std::string>(), HasSubstr("unencrypted"));
    EXPECT_THAT(up_summary(facts),
                HasSubstr("\n\nWARNING: " + warnings[0].get<std::string>() + "\n\n"));
  }
}

TEST(UpSummary, WarnsOfNothingWhereNobodyCanListen) {
  UpFacts with_tls = facts_of("0.0.0.0:7450");
  with_tls.has_tls = true;
  for (const UpFacts& facts : {facts_of("127.0.0.1:7450"), with_tls}) {
    EXPECT_EQ(json::parse(up_json(facts))["warnings"], json::array());
    EXPECT_THAT(up_summary(facts), Not(HasSubstr("WARNING")));
  }
}

TEST(UpSummary, NamesTheServicesThatGoOnInBothForms) {
  UpFacts facts = facts_of("127.0.0.1:7450");
  EXPECT_EQ(json::parse(up_json(facts))["services"], json::array());
  EXPECT_THAT(up_summary(facts), Not(HasSubstr("service")));
  facts.services = {"web", "api"};
  EXPECT_EQ(json::parse(up_json(facts))["services"], json({"web", "api"}));
  EXPECT_THAT(up_summary(facts), HasSubstr("\n\n2 services go on: web, api; "));
}

}  // namespace
}  // namespace ostler::cli
