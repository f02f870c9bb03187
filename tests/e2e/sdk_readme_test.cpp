// SPDX-License-Identifier: Apache-2.0
// sdk/README.md does what it says.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "e2e/author_commands.hpp"
#include "e2e/plugin_author.hpp"
#include "files/file.hpp"
#include "support/child_program.hpp"

namespace ostler::support {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

/// The blocks of a Markdown text in `language`, one after the other.
std::string blocks_of(const std::string& text, const std::string& language) {
  const std::string begin = "```" + language + "\n";
  std::string blocks;
  for (auto at = text.find(begin); at != text.npos; at = text.find(begin, at)) {
    at += begin.size();
    blocks += text.substr(at, text.find("```", at) - at);
  }
  return blocks;
}

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  const auto at = text.find(what);
  EXPECT_NE(at, text.npos) << what;
  return at == text.npos ? text : text.replace(at, what.size(), by);
}

TEST(SdkReadme, IsInstalledWithAllThatItLinksTo) {
  const Author author;
  const fs::path place = fs::path(author.prefix()) / "share/doc/ostler/sdk";
  const std::string page = files::read_file(place / "README.md").value();
  int links = 0;
  for (std::size_t at = 0; (at = page.find("](", at)) != page.npos; ++links) {
    at += 2;
    const std::string target = page.substr(at, page.find_first_of(")#", at) - at);
    if (!target.starts_with("http")) EXPECT_TRUE(fs::exists(place / target)) << target;
  }
  EXPECT_GT(links, 5);
}

TEST(SdkReadme, LeadsFromNothingToARunningPlugin) {
  const Author author;
  const fs::path documents = fs::path(author.prefix()) / "share/doc/ostler";
  const std::string page = files::read_file(documents / "sdk/README.md").value();
  const fs::path place = author / "place";
  fs::create_directories(place);
  fs::copy(documents / "examples/plugins/greet-c/greet.c", place / "greet.c");
  std::ofstream(place / "plugin.json") << blocks_of(page, "json");
  std::ofstream(place / "CMakeLists.txt") << blocks_of(page, "cmake");
  // Other tests have the port that `ostler up` takes by itself.
  std::ofstream(place / "commands.sh")
      << "set -euo pipefail\ntrap 'ostler down || true' EXIT\n"
      << replaced(blocks_of(page, "sh"), "ostler up ", "ostler up --listen 127.0.0.1:0 ");
  const std::string bin = fs::path(ostler_program()).parent_path();
  const fs::path home = author / "home";
  fs::create_directories(home);
  std::ofstream(home / ".gitconfig") << "[user]\nname = Ada\nemail = ada@example.com\n";
  const ProgramOptions options{{{"PATH", bin + ":" + std::getenv("PATH")},
                                {"PREFIX", author.prefix()},
                                {"HOME", home},
                                {"XDG_STATE_HOME", ""},
                                {"XDG_CONFIG_HOME", ""},
                                {"XDG_CACHE_HOME", ""},
                                {"OSTLER_URL", ""},
                                {"OSTLER_API_TOKEN", ""},
                                {"OSTLER_PLUGIN_STORE", ""}},
                               place};
  const auto ran = run_program({"/bin/bash", place / "commands.sh"}, options);
  EXPECT_EQ(ran.code, 0) << ran.out << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("greet#1.0.0: no faults"));
  EXPECT_THAT(ran.out, HasSubstr("Hello, world!"));
  EXPECT_THAT(ran.out, HasSubstr("Hello, Ada!"));
  EXPECT_THAT(ran.out, HasSubstr("site/1  passed in "));
  EXPECT_THAT(ran.out, HasSubstr("site/2  passed in "));
  EXPECT_THAT(ran.out, HasSubstr("signed with ed25519:"));
  EXPECT_TRUE(fs::exists(home / "strict/state/plugins/greet/1.0.0/greet.so"))
      << "the second agent had it from the hub";
}

TEST(SdkReadme, ShowsAPluginInCppThatWorks) {
  const Author author;
  const fs::path place = author / "place";
  fs::create_directories(place);
  const std::string page = files::read_file(source_root() / "sdk/README.md").value();
  std::ofstream(place / "plugin.json") << blocks_of(page, "json");
  std::ofstream(place / "greet.cpp") << blocks_of(page, "cpp");
  std::ofstream(place / "CMakeLists.txt") << R"(cmake_minimum_required(VERSION 3.25)
project(greet LANGUAGES CXX)
set(CMAKE_CXX_STANDARD 20)
find_package(ostler-sdk 0.2 REQUIRED)
ostler_step_plugin(greet SOURCES greet.cpp MANIFEST plugin.json)
)";
  const auto ran = ostler({"plugin", "run", author.build(place, "greet")});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("Hello, world!\npassed: greeted one\n"));
}

}  // namespace
}  // namespace ostler::support
