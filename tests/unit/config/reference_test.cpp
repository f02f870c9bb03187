// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdlib>

#include "config/agent_config.hpp"
#include "files/file.hpp"

namespace ostler::config {
namespace {

/// With OSTLER_REWRITE_DOCS=1 the page is written instead of compared.
TEST(AgentSettingsReference, IsWhatTheDocumentationSays) {
  const auto page =
      std::filesystem::path(std::getenv("OSTLER_SOURCE_DIR")) / "agent/docs/agent-start.md";
  if (std::getenv("OSTLER_REWRITE_DOCS") != nullptr) {
    ASSERT_TRUE(files::write_file_atomically(page, agent_settings_reference(), 0644));
  }
  const auto text = files::read_file(page);
  ASSERT_TRUE(text) << text.error().message();
  EXPECT_EQ(text.value(), agent_settings_reference())
      << "the table of settings has changed: run this test with OSTLER_REWRITE_DOCS=1";
}

}  // namespace
}  // namespace ostler::config
