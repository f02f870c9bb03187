// SPDX-License-Identifier: Apache-2.0
#include "pipeline/plugin_source.hpp"

#include <gtest/gtest.h>

namespace ostler::pipeline {
namespace {

TEST(PluginSource, WritesShortNamesOut) {
  EXPECT_EQ(full_plugin_source("docker#v1"),
            "github.com/buildkite-plugins/docker-buildkite-plugin#v1");
  EXPECT_EQ(full_plugin_source("docker"), "github.com/buildkite-plugins/docker-buildkite-plugin");
  EXPECT_EQ(full_plugin_source("org/name#v2"), "github.com/org/name-buildkite-plugin#v2");
  EXPECT_EQ(full_plugin_source("org/name#feature/x"),
            "github.com/org/name-buildkite-plugin#feature/x");
}

TEST(PluginSource, LeavesWhatIsCompleteAlone) {
  for (const char* source :
       {"github.com/org/name-buildkite-plugin#v1", "https://example.com/p.git#v1",
        "ssh://git@host/p", "git@github.com:org/p.git#v1", "ostler://codegen#1", "/abs/path#v",
        "./local", ".buildkite/plugins/x", "\\\\share\\x", "file:///p/q#v", ""}) {
    EXPECT_EQ(full_plugin_source(source), source);
  }
}

}  // namespace
}  // namespace ostler::pipeline
