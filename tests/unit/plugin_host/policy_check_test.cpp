// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/policy_check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plugin_host/command_profile.hpp"

namespace ostler::plugin_host {
namespace {

using testing::Contains;
using testing::HasSubstr;

TEST(PolicyCheck, HoldsCommandsToTheWorkspaceWhereTheKernelCan) {
  const PluginPolicy policy;
  for (const auto wanted :
       {CommandProfile::None, CommandProfile::Host, CommandProfile::Workspace}) {
    EXPECT_EQ(check_commands(wanted, policy, 1).value(), wanted);
  }
}

TEST(PolicyCheck, RefusesThemWhereItCannotUnlessTheOperatorLetsThemRun) {
  PluginPolicy policy;
  EXPECT_EQ(check_commands(CommandProfile::Host, policy, 0).value(), CommandProfile::Host);
  const auto refused = check_commands(CommandProfile::Workspace, policy, 0);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Errc::Denied);
  EXPECT_THAT(refused.error().message(), HasSubstr("plugin-unconfined-commands"));
  policy.allows_unconfined = true;
  EXPECT_EQ(check_commands(CommandProfile::Workspace, policy, 0).value(), CommandProfile::Host);
}

TEST(PolicyCheck, AddsTheOperatorsPathsToThoseOfEverySystem) {
  const auto policy = plugin_policy({{"OSTLER_PLUGIN_SYSTEM_PATHS", "/srv/tools,/home/ci/.cargo"},
                                     {"OSTLER_PLUGIN_UNCONFINED_COMMANDS", "true"}});
  EXPECT_THAT(policy.system_paths, Contains("/usr"));
  EXPECT_THAT(policy.system_paths, Contains("/home/ci/.cargo"));
  EXPECT_TRUE(policy.allows_unconfined);
  EXPECT_EQ(plugin_policy({}).system_paths, usual_system_paths());
}

}  // namespace
}  // namespace ostler::plugin_host
