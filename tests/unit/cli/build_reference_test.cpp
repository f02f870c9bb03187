// SPDX-License-Identifier: Apache-2.0
#include "cli/build_reference.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostler::cli {
namespace {

constexpr const char* kId = "0192f1e7-5a1c-7000-8000-00000000000a";

struct Row {
  std::string text;
  BuildReference expected;
};

TEST(BuildReference, ReadsEveryWayToNameABuild) {
  const std::string id = kId;
  const Row rows[] = {
      {"", {}},
      {"42", {.number = 42}},
      {"#42", {.number = 42}},
      {"app", {.pipeline = "app"}},
      {"app/42", {.pipeline = "app", .number = 42}},
      {"app#42", {.pipeline = "app", .number = 42}},
      {"7/42", {.pipeline = "7", .number = 42}},
      {id, {.id = id}},
      {"0192f1e7", {.id = "0192f1e7"}},
      {"0192f1e7-5a1c-7", {.id = "0192f1e7-5a1c-7"}},
      {"01234567", {.id = "01234567"}},
      {"12345678", {.number = 12345678}},
      {"deadbeef", {.pipeline = "deadbeef"}},
      {"https://ci.example.com/acme/app/builds/42",
       {.hub = "https://ci.example.com", .organization = "acme", .pipeline = "app", .number = 42}},
      {"http://127.0.0.1:7450/acme/app/builds/42/?tab=log#" + id,
       {.hub = "http://127.0.0.1:7450",
        .organization = "acme",
        .pipeline = "app",
        .number = 42,
        .job = id}},
      {"https://h/acme/app", {.hub = "https://h", .organization = "acme", .pipeline = "app"}},
      {"https://h/v2/organizations/acme/pipelines/app/builds/42",
       {.hub = "https://h", .organization = "acme", .pipeline = "app", .number = 42}},
      {"https://h/v2/organizations/acme/pipelines/app/builds/42/jobs/" + id + "/log.txt",
       {.hub = "https://h", .organization = "acme", .pipeline = "app", .number = 42, .job = id}},
      {"https://h/v2/organizations/acme/jobs/" + id,
       {.hub = "https://h", .organization = "acme", .id = id}},
  };
  for (const Row& row : rows) {
    const auto read = parse_build_reference(row.text);
    ASSERT_TRUE(read) << row.text << ": " << read.error().message();
    EXPECT_EQ(read.value(), row.expected) << row.text;
  }
}

TEST(BuildReference, RefusesWhatNamesNoBuild) {
  for (const char* text : {"app/",
                           "/42",
                           "app/x",
                           "app/42/3",
                           "app/-1",
                           "a b",
                           "#",
                           "#x",
                           "##1",
                           "app/#1",
                           "../app",
                           "app\x1b/1",
                           "https://",
                           "https://h",
                           "https://h/acme",
                           "https://h/acme/app/builds/x",
                           "https://h/acme/app/settings",
                           "https://h/v2/organizations/acme",
                           "https://h/v2/organizations/acme/pipelines",
                           "ftp://h/acme/app/builds/1"}) {
    const auto read = parse_build_reference(text);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().code(), Errc::UserFault);
    EXPECT_THAT(read.error().message(), testing::HasSubstr("PIPELINE/NUMBER")) << text;
  }
}

TEST(BuildReference, SaysThatBuildsBeginAtOne) {
  for (const char* text :
       {"0", "#0", "app/0", "https://h/acme/app/builds/0", "app/99999999999999999999"}) {
    const auto read = parse_build_reference(text);
    ASSERT_FALSE(read) << text;
    EXPECT_THAT(read.error().message(), testing::HasSubstr("numbered from 1")) << text;
  }
}

}  // namespace
}  // namespace ostler::cli
