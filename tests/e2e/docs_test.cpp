// SPDX-License-Identifier: Apache-2.0
// The commands that the documents show, run as they stand there.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdlib>
#include <fstream>
#include <string>

#include "base/unique_fd.hpp"
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

/// A port that nobody listens on now.
int free_port() {
  const UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  EXPECT_EQ(::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), size), 0);
  EXPECT_EQ(::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size), 0);
  return ntohs(address.sin_port);
}

/// The line of `text` with which a table begins that has no header; 0: they all have one.
int table_without_header(std::istream& text) {
  int number = 0;
  int rows = 0;
  for (std::string line; std::getline(text, line);) {
    ++number;
    rows = line.starts_with("|") ? rows + 1 : 0;
    if (rows == 2 && !line.starts_with("|-")) return number - 1;
  }
  return 0;
}

TEST(Docs, HaveNoTableWithoutAHeader) {
  const std::filesystem::path source = std::getenv("OSTLER_SOURCE_DIR");
  for (const auto& page : std::filesystem::directory_iterator(source / "agent/docs")) {
    std::ifstream text(page.path());
    EXPECT_EQ(table_without_header(text), 0) << page.path();
  }
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

TEST(UpkeepDocs, HoldCommandsThatWork) {
  const auto source = std::filesystem::path(std::getenv("OSTLER_SOURCE_DIR"));
  std::string commands =
      shell_blocks(files::read_file(source / "agent/docs/hub-upkeep.md").value());
  const TempDirectory directory;
  const HubProcess hub(directory.path());
  constexpr std::string_view kWritten = "/backups/";
  const std::string place = directory / "backups/";
  for (auto at = commands.find(kWritten); at != std::string::npos;
       at = commands.find(kWritten, at + place.size())) {
    commands.replace(at, kWritten.size(), place);
  }
  const auto script = directory / "commands.sh";
  std::ofstream(script) << "set -euo pipefail\nDATA='" << hub.data().string() << "'\n" << commands;
  const std::string bin = std::filesystem::path(ostler_program()).parent_path();
  const ProgramOptions options{{{"PATH", bin + ":" + std::getenv("PATH")}}, directory.path()};
  ChildProgram shell({"/bin/bash", script}, directory.path(), options);
  EXPECT_EQ(shell.wait(std::chrono::seconds(60)), 0) << shell.err() << shell.out();
  EXPECT_THAT(shell.out(), testing::HasSubstr("no faults"));
  EXPECT_TRUE(std::filesystem::exists(directory / "backups/restored/ostler.db"));
}

std::string with_port(std::string text, int port) {
  constexpr std::string_view kWritten = "7450";
  for (auto at = text.find(kWritten); at != std::string::npos; at = text.find(kWritten, at)) {
    text.replace(at, kWritten.size(), std::to_string(port));
  }
  return text;
}

TEST(Readme, HoldsCommandsThatWork) {
  const auto source = std::filesystem::path(std::getenv("OSTLER_SOURCE_DIR"));
  const std::string page = files::read_file(source / "README.md").value();
  std::string commands = shell_blocks(page);
  const auto session = commands.find("mkdir greeting");
  ASSERT_NE(session, std::string::npos);
  EXPECT_THAT(commands.substr(0, session),
              testing::MatchesRegex("make demo[^\n]*\nmake test[^\n]*\n"));
  const TempDirectory directory;
  const auto script = directory / "commands.sh";
  std::ofstream(script)
      << "set -euo pipefail\ntrap 'ostler down --cancel || true' EXIT\ncd \"$HOME\"\n"
      << with_port(commands.substr(session), free_port());
  const std::string bin = std::filesystem::path(ostler_program()).parent_path();
  const ProgramOptions options{{{"HOME", directory.path()},
                                {"XDG_STATE_HOME", directory / ".local/state"},
                                {"XDG_CONFIG_HOME", directory / ".config"},
                                {"PATH", bin + ":" + std::getenv("PATH")},
                                {"GIT_AUTHOR_NAME", "Ann"},
                                {"GIT_AUTHOR_EMAIL", "ann@example.com"},
                                {"GIT_COMMITTER_NAME", "Ann"},
                                {"GIT_COMMITTER_EMAIL", "ann@example.com"}},
                               directory.path()};
  ChildProgram shell({"/bin/bash", script}, directory.path(), options);
  EXPECT_EQ(shell.wait(std::chrono::seconds(90)), 0) << shell.err() << shell.out();
  EXPECT_THAT(shell.out(), testing::HasSubstr("greeting/1  passed in "));
  EXPECT_THAT(shell.out(), testing::HasSubstr("\n==> Read\n"));
}

}  // namespace
}  // namespace ostler::support
