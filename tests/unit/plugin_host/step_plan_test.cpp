// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/step_plan.hpp"

#include <gtest/gtest.h>

namespace ostler::plugin_host {
namespace {

TEST(StepPlan, ArrivesAsItWasMade) {
  PlannedStep step;
  step.id = "deploy";
  step.version = "1.2.3";
  step.library = "deploy.so";
  step.is_program = true;
  step.interpreter = {"python3", "-I"};
  step.libraries = {"libdeploy.so.1", "libwords.so.2"};
  step.resources = {{"words.txt", 12}, {"empty", 0}};
  step.network = true;
  step.commands = CommandProfile::Workspace;
  step.system_paths = {"/usr", "/opt/tools"};
  step.workspace = WorkspaceAccess::Read;
  step.host_directory = true;
  step.services = {"meta-data"};
  step.secrets = {"KEY", "OTHER"};
  step.secrets_put = {"TOKEN"};
  step.hosts = {"*.example.com"};
  step.config = parse_json(R"({"count": 12345678901234567890, "name": "a\"b"})").value();
  const auto plan = decode_plan(encode_plan({step, step})).value();
  ASSERT_EQ(plan.size(), 2u);
  EXPECT_EQ(plan[1].reference(), "deploy#1.2.3");
  EXPECT_EQ(plan[1].library, "deploy.so");
  EXPECT_TRUE(plan[1].is_program);
  EXPECT_EQ(plan[1].libraries, step.libraries);
  EXPECT_EQ(plan[1].interpreter, step.interpreter);
  ASSERT_EQ(plan[1].resources.size(), 2u);
  EXPECT_EQ(plan[1].resources[0].name, "words.txt");
  EXPECT_EQ(plan[1].resources[0].size, 12u);
  EXPECT_EQ(plan[1].resources[1].name, "empty");
  EXPECT_TRUE(plan[1].network);
  EXPECT_EQ(plan[1].commands, CommandProfile::Workspace);
  EXPECT_EQ(plan[1].system_paths, step.system_paths);
  EXPECT_EQ(plan[1].workspace, WorkspaceAccess::Read);
  EXPECT_TRUE(plan[1].host_directory);
  EXPECT_EQ(plan[1].services, step.services);
  EXPECT_EQ(plan[1].secrets, step.secrets);
  EXPECT_EQ(plan[1].secrets_put, step.secrets_put);
  EXPECT_EQ(plan[1].hosts, step.hosts);
  EXPECT_EQ(canonical_json(plan[1].config), canonical_json(step.config));
}

TEST(StepPlan, IsRefusedWhenItIsNone) {
  for (const char* other : {"", "{}", "[{}]", "[1]", R"([{"id": "a", "library": "a.so"}])"}) {
    EXPECT_FALSE(decode_plan(other)) << other;
  }
}

TEST(StepPlan, IsRefusedWithMoreLibrariesThanThereIsRoomFor) {
  PlannedStep step;
  step.library = "deploy.so";
  step.config = parse_json("{}").value();
  step.libraries.assign(kMostLibraries, "libwords.so");
  EXPECT_TRUE(decode_plan(encode_plan({step})));
  step.libraries.emplace_back("libwords.so");
  EXPECT_FALSE(decode_plan(encode_plan({step})));
}

TEST(StepPlan, IsRefusedWhenItIsUnclearWhichResourcesItHas) {
  const auto with = [](const std::string& resources) {
    return decode_plan(R"([{"library": "a.so", "config": {}, "resources": )" + resources + "}]");
  };
  EXPECT_EQ(with(R"([["words.txt", "12"]])").value()[0].resources[0].size, 12u);
  for (const char* other :
       {R"({"words.txt": "12"})", R"(["words.txt"])", R"([["words.txt"]])",
        R"([["words.txt", "12", "0"]])", R"([["words.txt", "12 B"]])", R"([["words.txt", ""]])",
        R"([["words.txt", "-1"]])", R"([["", "12"]])", R"([{"name": "words.txt", "size": 12}])"}) {
    const auto plan = with(other);
    ASSERT_FALSE(plan) << other;
    EXPECT_EQ(plan.error().code(), Errc::Protocol) << other;
  }
}

}  // namespace
}  // namespace ostler::plugin_host
