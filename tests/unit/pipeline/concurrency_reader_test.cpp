// SPDX-License-Identifier: Apache-2.0
#include "pipeline/concurrency_reader.hpp"

#include <gtest/gtest.h>

#include "pipeline/parse.hpp"

namespace ostler::pipeline {
namespace {

using model::Concurrency;
using model::ConcurrencyMethod;

std::optional<Concurrency> concurrency_with(const std::string& attributes) {
  const auto parsed = parse("- {command: a, " + attributes + "}\n", {{"T", "prod"}}, "p.yml");
  if (parsed) return parsed.value().steps.at(0).concurrency;
  ADD_FAILURE() << attributes << ": " << parsed.error().message();
  return std::nullopt;
}
std::string fault_with(const std::string& attributes) {
  const auto parsed = parse("- {command: a, " + attributes + "}\n", {}, "p.yml");
  return parsed ? "parsed" : parsed.error().message();
}

TEST(ConcurrencyReader, TakesGroupLimitAndMethod) {
  EXPECT_EQ(concurrency_with("concurrency: 2, concurrency_group: g"),
            (Concurrency{.group = "g", .limit = 2}));
  EXPECT_EQ(concurrency_with("concurrency_group: \"app/$T\", concurrency: \"1\", "
                             "concurrency_method: eager"),
            (Concurrency{.group = "app/prod", .method = ConcurrencyMethod::Eager}));
  EXPECT_EQ(concurrency_with("concurrency: 1, concurrency_group: g, concurrency_method: ordered"),
            Concurrency{.group = "g"});
  EXPECT_EQ(concurrency_with("key: k"), std::nullopt);
}

TEST(ConcurrencyReader, WantsGroupAndLimitTogether) {
  EXPECT_EQ(fault_with("concurrency: 1"),
            "p.yml:1:16: concurrency needs a concurrency_group; name one, or remove it");
  EXPECT_EQ(fault_with("concurrency_group: g"),
            "p.yml:1:16: concurrency_group needs concurrency; say how many jobs at once");
  EXPECT_EQ(fault_with("concurrency_method: eager"),
            "p.yml:1:16: concurrency_method needs concurrency and concurrency_group");
}

TEST(ConcurrencyReader, RefusesWhatCannotBeMeant) {
  EXPECT_EQ(fault_with("concurrency: 0, concurrency_group: g"),
            "p.yml:1:29: concurrency must be a whole number from 1 to 2147483647");
  EXPECT_EQ(fault_with("concurrency: 1, concurrency_group: $NONE"),
            "p.yml:1:51: concurrency_group is empty; name a group, like app/deploy");
  EXPECT_EQ(fault_with("concurrency: 1, concurrency_group: [g]"),
            "p.yml:1:51: concurrency_group must be text; write it as one value");
  EXPECT_EQ(fault_with("concurrency: 1, concurrency_group: g, concurrency_method: fair"),
            "p.yml:1:74: concurrency_method must be ordered or eager");
  const auto group = [](std::size_t characters) {
    std::string name;
    for (std::size_t at = 0; at < characters; ++at) name += "\xc3\xa9";
    return "concurrency: 1, concurrency_group: " + name;
  };
  EXPECT_TRUE(concurrency_with(group(200)));
  EXPECT_EQ(fault_with(group(201)),
            "p.yml:1:51: concurrency_group has more than 200 characters; shorten the name");
}

}  // namespace
}  // namespace ostler::pipeline
