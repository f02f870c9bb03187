// SPDX-License-Identifier: Apache-2.0
// Plugins outside any build, which run programs: what becomes of "plugin run" and "plugin test".
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "files/file.hpp"
#include "support/child_program.hpp"
#include "support/temp_directory.hpp"

namespace ostler::support {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::HasSubstr;

/// The plugin of the zoo, which may run programs.
class PluginByHand : public testing::Test {
 protected:
  PluginByHand() {
    const fs::path built = std::getenv("OSTLER_BUILD_DIR");
    fs::copy(built / "tests/integration/plugin_host/zoo", plugin());
    json manifest = json::parse(files::read_file(plugin() / "plugin.json").value());
    manifest["permissions"] = {{"workspace", "write"}, {"commands", "host"}};
    std::ofstream(plugin() / "plugin.json") << manifest;
    for (const char* name : {"cases", "workspace", "temporary"}) {
      fs::create_directory(directory_ / name);
    }
    const json config = {{"do", "handle write to nobody"},
                         {"path", "exec <&-; touch begun; exec sleep 60"}};
    std::ofstream(directory_ / "cases/writes.json") << config;
  }

  fs::path plugin() const { return directory_ / "zoo"; }
  ProgramResult ostler(std::vector<std::string> words) const {
    words.insert(words.begin(), ostler_program());
    const ProgramOptions options{{{"TMPDIR", directory_ / "temporary"}}, directory_ / "workspace"};
    return run_program(words, options);
  }
  bool is_left_nothing() const { return fs::is_empty(directory_ / "temporary"); }

  const TempDirectory directory_;
};

TEST_F(PluginByHand, IsToldThatItsProgramReadsNoMore) {
  const auto ran =
      ostler({"plugin", "run", plugin(), "--config", directory_ / "cases/writes.json"});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("passed: 5\n"));
  EXPECT_TRUE(is_left_nothing());
}

TEST_F(PluginByHand, IsToldThatItsProgramReadsNoMoreInATest) {
  const auto tested = ostler({"plugin", "test", plugin(), directory_ / "cases", "--accept"});
  EXPECT_EQ(tested.code, 0) << tested.err;
  const auto expected = files::read_file(directory_ / "cases/writes.expected");
  ASSERT_TRUE(expected) << expected.error().message();
  EXPECT_THAT(expected.value(), HasSubstr("passed: 5\n"));
  EXPECT_TRUE(is_left_nothing());
}

}  // namespace
}  // namespace ostler::support
