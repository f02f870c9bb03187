// SPDX-License-Identifier: Apache-2.0
// Source: reference/pipeline-yaml.md 15.3.
#include "pipeline/checkout_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/parse.hpp"
#include "pipeline/print.hpp"

namespace ostler::pipeline {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;

model::StepDefinition step(const std::string& keys, const std::string& top = "") {
  const auto read = parse(top + "\nsteps: [{command: a, " + keys + "}]", {});
  if (!read) {
    ADD_FAILURE() << read.error().message();
    return {};
  }
  const auto again = parse(print(read.value()), {}).value().steps[0];
  EXPECT_EQ(again.carried.checkout, read.value().steps[0].carried.checkout);
  EXPECT_EQ(again.env, read.value().steps[0].env);
  return read.value().steps[0];
}
std::string checkout_fault(const std::string& keys, const std::string& top = "") {
  const auto read = parse(top + "\nsteps: [{command: a" + keys + "}]", {});
  return read ? "none" : read.error().message();
}

TEST(Checkout, BecomesTheVariablesOfTheJob) {
  const auto all = step(
      "checkout: {skip: true, submodules: \"false\", lfs: true, depth: 5, flags: {clone: --x, "
      "clean: -f}, sparse: {paths: [a, b/c]}, commit_verification: off, ssh_secret: deploy}");
  EXPECT_THAT(all.env,
              UnorderedElementsAre(Pair("BUILDKITE_SKIP_CHECKOUT", "true"),
                                   Pair("BUILDKITE_GIT_SUBMODULES", "false"),
                                   Pair("BUILDKITE_GIT_LFS_ENABLED", "true"),
                                   Pair("BUILDKITE_GIT_CLONE_FLAGS", "--x --depth=5"),
                                   Pair("BUILDKITE_GIT_FETCH_FLAGS", "-v --prune --depth=5"),
                                   Pair("BUILDKITE_GIT_CLEAN_FLAGS", "-f"),
                                   Pair("BUILDKITE_GIT_SPARSE_CHECKOUT_PATHS", "a,b/c"),
                                   Pair("BUILDKITE_GIT_COMMIT_VERIFICATION", "off")));
  EXPECT_EQ(all.carried.secrets,
            R"([{"key":"deploy","environment_variable":"BUILDKITE_GIT_SSH_KEY"}])");
  EXPECT_THAT(step("label: l").env, IsEmpty());
  EXPECT_THAT(step("checkout: {}").env, IsEmpty());
}

TEST(Checkout, OfThePipelineIsMergedLeafByLeaf) {
  const auto merged =
      step("checkout: {skip: false, flags: {fetch: mine}}",
           "checkout: {skip: true, lfs: true, flags: {fetch: theirs, clone: theirs}}");
  EXPECT_THAT(merged.env, UnorderedElementsAre(Pair("BUILDKITE_SKIP_CHECKOUT", "false"),
                                               Pair("BUILDKITE_GIT_LFS_ENABLED", "true"),
                                               Pair("BUILDKITE_GIT_FETCH_FLAGS", "mine"),
                                               Pair("BUILDKITE_GIT_CLONE_FLAGS", "theirs")));
}

TEST(Checkout, GivesWayToTheEnvInFlagsPathsAndVerificationOnly) {
  const auto both = step(
      "env: {BUILDKITE_GIT_CLONE_FLAGS: mine, BUILDKITE_GIT_COMMIT_VERIFICATION: warn, "
      "BUILDKITE_SKIP_CHECKOUT: 'false', BUILDKITE_GIT_SPARSE_CHECKOUT_PATHS: z}, "
      "checkout: {skip: true, flags: {clone: x}, commit_verification: strict, sparse: {paths: a}}");
  EXPECT_THAT(both.env, UnorderedElementsAre(Pair("BUILDKITE_GIT_CLONE_FLAGS", "mine"),
                                             Pair("BUILDKITE_GIT_COMMIT_VERIFICATION", "warn"),
                                             Pair("BUILDKITE_SKIP_CHECKOUT", "true"),
                                             Pair("BUILDKITE_GIT_SPARSE_CHECKOUT_PATHS", "z")));
}

TEST(Checkout, NamesItsFaults) {
  EXPECT_THAT(checkout_fault(", checkout: true"), HasSubstr("checkout must be a mapping; write"));
  EXPECT_THAT(checkout_fault(", checkout: {skp: true}"), HasSubstr("did you mean \"skip\"?"));
  EXPECT_THAT(checkout_fault(", checkout: {skip: maybe}"), HasSubstr("skip must be true or false"));
  EXPECT_THAT(checkout_fault(", checkout: {depth: 0}"), HasSubstr("depth"));
  EXPECT_THAT(checkout_fault(", checkout: {flags: x}"), HasSubstr("flags must be a mapping"));
  EXPECT_THAT(checkout_fault(", checkout: {flags: {push: x}}"), HasSubstr("flags has no \"push\""));
  EXPECT_THAT(checkout_fault(", checkout: {sparse: [a]}"), HasSubstr("sparse must be a mapping"));
  EXPECT_THAT(checkout_fault(", checkout: {commit_verification: maybe}"),
              HasSubstr("strict, warn or off"));
  EXPECT_THAT(checkout_fault("", "checkout: {ssh_secret: k}"),
              HasSubstr("ssh_secret is for single steps"));
  EXPECT_THAT(checkout_fault(", checkout: {ssh_secret: bk_x}"), HasSubstr("is no key of a secret"));
}

}  // namespace
}  // namespace ostler::pipeline
