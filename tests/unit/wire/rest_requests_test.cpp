// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "wire/rest_build.hpp"
#include "wire/rest_pipeline.hpp"

namespace ostler::wire {
namespace {

std::vector<std::string> faults(const std::vector<RestFieldError>& errors) {
  std::vector<std::string> texts;
  for (const RestFieldError& error : errors) texts.push_back(error.field + ": " + error.code);
  return texts;
}

RestDecoded<RestPipelineRequest> read_pipeline(std::string_view json) {
  auto decoded = decode_rest_pipeline_request(json);
  EXPECT_TRUE(decoded) << decoded.error().message();
  return decoded ? std::move(decoded).value() : RestDecoded<RestPipelineRequest>();
}

RestDecoded<RestBuildRequest> read_build(std::string_view json) {
  auto decoded = decode_rest_build_request(json);
  EXPECT_TRUE(decoded) << decoded.error().message();
  return decoded ? std::move(decoded).value() : RestDecoded<RestBuildRequest>();
}

TEST(RestPipelineRequest, ReadsWhatGoClientsSend) {
  const auto decoded = read_pipeline(R"({"name":"My  Cool Pipeline","repository":"git@x:r.git",
      "configuration":"steps: []","cluster_id":null,"provider_settings":null,"tags":null,
      "skip_queued_branch_builds":false,"cancel_running_branch_builds":false,"unknown":{"a":[1]},
      "allow_rebuilds":false,"default_command_step_timeout":9,"env":{"N":1,"S":"x","B":true}})");
  EXPECT_EQ(faults(decoded.errors), std::vector<std::string>());
  const model::PipelineSettings& settings = decoded.value.settings;
  EXPECT_EQ(settings.slug, "my-cool-pipeline");
  EXPECT_EQ(settings.default_branch, "main");
  EXPECT_FALSE(settings.allow_rebuilds);
  EXPECT_EQ(settings.default_command_step_timeout, 9);
  EXPECT_THAT(settings.env,
              testing::UnorderedElementsAre(testing::Pair("N", "1"), testing::Pair("S", "x"),
                                            testing::Pair("B", "true")));
  EXPECT_EQ(decoded.value.cluster_id, "");
}

TEST(RestPipelineRequest, NamesEveryFaultAtOnce) {
  const auto decoded = read_pipeline(R"({"name":7,"slug":"-a","tags":[1],"visibility":"secret",
      "maximum_command_step_timeout":-1,"skip_queued_branch_builds":"yes"})");
  EXPECT_THAT(
      faults(decoded.errors),
      testing::UnorderedElementsAre(
          "name: must be a string", "repository: missing",
          "configuration: Step configuration is missing, expected `steps: { yaml: \"...\" }`",
          "tags: must be an array of strings", "visibility: must be private or public",
          "maximum_command_step_timeout: must be a whole number of at least 1",
          "skip_queued_branch_builds: must be true or false"));
}

TEST(RestPipelineRequest, RefusesSlugsThatAreNone) {
  for (const char* slug : {"-a", "a_b", "a/b", "..", "\\u00e9"}) {
    const auto decoded = read_pipeline(
        R"({"name":"n","repository":"r","configuration":"x","slug":")" + std::string(slug) + "\"}");
    ASSERT_EQ(decoded.errors.size(), 1u) << slug;
    EXPECT_EQ(decoded.errors[0].field, "slug");
  }
  EXPECT_EQ(read_pipeline(R"({"name":"é","repository":"r","configuration":"x"})").errors.size(),
            1u);
}

TEST(RestPipelineRequest, SaysWhereJsonBreaks) {
  const auto decoded = decode_rest_pipeline_request(R"({"name": })");
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().code(), Errc::Protocol);
  EXPECT_THAT(decoded.error().message(), testing::HasSubstr("byte 10"));
  EXPECT_FALSE(decode_rest_pipeline_request("[1]"));
}

TEST(SlugOf, LowersAndJoinsWithHyphens) {
  EXPECT_EQ(slug_of("My  Pipeline"), "my-pipeline");
  EXPECT_EQ(slug_of(std::string(300, 'A')), std::string(100, 'a'));
}

TEST(RestBuildRequest, ReadsWhatClientsSend) {
  const auto decoded = read_build(R"({"commit":"HEAD","branch":"main","message":"m","author":{},
      "clean_checkout":true,"env":{"A":"1"},"meta_data":{"n":3,"b":false,"s":"t"},
      "pull_request_id":12,"pull_request_base_branch":"main",
      "ignore_pipeline_branch_filters":true})");
  EXPECT_EQ(faults(decoded.errors), std::vector<std::string>());
  EXPECT_FALSE(decoded.value.build.author.has_value());
  EXPECT_TRUE(decoded.value.build.clean_checkout);
  EXPECT_EQ(decoded.value.build.pull_request->id, "12");
  EXPECT_THAT(decoded.value.meta_data,
              testing::UnorderedElementsAre(testing::Pair("n", "3"), testing::Pair("b", "false"),
                                            testing::Pair("s", "t")));
  EXPECT_TRUE(decoded.value.ignore_pipeline_branch_filters);
}

TEST(RestBuildRequest, TakesZeroForNoPullRequest) {
  const auto decoded = read_build(R"({"commit":"a","branch":"b","pull_request_id":0})");
  EXPECT_FALSE(decoded.value.build.pull_request.has_value());
}

TEST(RestBuildRequest, RefusesWhatIsNoPullRequest) {
  for (const char* id : {"\"abc\"", "-5", "\"1 2\""}) {
    const auto decoded =
        read_build(R"({"commit":"a","branch":"b","pull_request_id":)" + std::string(id) + "}");
    EXPECT_THAT(faults(decoded.errors),
                testing::ElementsAre("pull_request_id: must be the number of a pull request"));
  }
}

TEST(RestBuildRequest, NamesEveryFaultAtOnce) {
  const auto decoded = read_build(R"({"commit":"--upload-pack=x","env":{"A=B":"1"},
      "author":{"name":5,"email":"a\u0000b"},"meta_data":{"k":[1]},"message":"\u0000"})");
  EXPECT_THAT(faults(decoded.errors),
              testing::UnorderedElementsAre(
                  "commit: must not begin with a hyphen", "branch: missing",
                  "env: names must not be empty or hold \"=\", and nothing may hold a zero byte",
                  "author.name: must be a string", "author.email: must not hold a zero byte",
                  "message: must not hold a zero byte", "meta_data: must be an object of strings"));
}

}  // namespace
}  // namespace ostler::wire
