// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <string>

#include "files/file.hpp"
#include "support/child_program.hpp"
#include "support/hub_process.hpp"
#include "support/temp_directory.hpp"

namespace ostler::support {
namespace {

/// The shell commands of a Markdown text, in their order.
std::string shell_blocks(const std::string& text) {
  constexpr std::string_view kBegin = "```sh\n";
  std::string commands;
  for (std::size_t at = text.find(kBegin); at != std::string::npos; at = text.find(kBegin, at)) {
    at += kBegin.size();
    commands += text.substr(at, text.find("```", at) - at);
  }
  return commands;
}

TEST(RestDocs, HoldCommandsThatWork) {
  const char* source = std::getenv("OSTLER_SOURCE_DIR");
  ASSERT_NE(source, nullptr);
  const auto page =
      files::read_file(std::filesystem::path(source) / "agent/docs/rest-api.md").value();
  const TempDirectory directory;
  HubProcess hub(directory.path());
  const auto script = directory / "commands.sh";
  std::ofstream(script) << "set -euo pipefail\nHUB=" << hub.url() << "\nDATA='"
                        << hub.data().string() << "'\n"
                        << shell_blocks(page);
  ChildProgram shell({"/bin/bash", script}, directory.path());
  EXPECT_EQ(shell.wait(std::chrono::seconds(60)), 0) << shell.err() << shell.out();
  const auto build = hub.build("hello", 1);
  EXPECT_EQ(build.at("state"), "canceled");
  EXPECT_EQ(build.at("jobs").at(0).at("command"), "echo hello you");
  EXPECT_EQ(build.at("meta_data").at("release"), "1");
}

}  // namespace
}  // namespace ostler::support
