// SPDX-License-Identifier: Apache-2.0
// How the program starts, and what it says when it cannot.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "files/file.hpp"
#include "support/child_program.hpp"
#include "support/hub_process.hpp"
#include "support/raw_connection.hpp"
#include "support/temp_directory.hpp"
#include "support/wait_until.hpp"

namespace ostler {
namespace {

using support::ostler_program;
using testing::HasSubstr;

support::ProgramResult start_hub(const std::string& listen, const std::filesystem::path& data) {
  return support::run_program(
      {ostler_program(), "hub", "--listen", listen, "--data-path", data.string()});
}

void expect_one_line(const support::ProgramResult& result, int code) {
  EXPECT_EQ(result.code, code) << result.err;
  EXPECT_EQ(std::ranges::count(result.err, '\n'), 1) << result.err;
  EXPECT_EQ(result.out, "");
}

TEST(HubProgram, KeepsItsFilesToItself) {
  const support::TempDirectory directory;
  const support::HubProcess hub(directory.path());
  struct stat found{};
  ASSERT_EQ(::stat(hub.data().c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0700u);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(hub.data())) {
    ASSERT_EQ(::stat(entry.path().c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 077, 0u) << entry.path();
  }
  EXPECT_EQ(files::read_file(hub.data() / "url").value(), hub.url() + "\n");
}

TEST(HubProgram, ReplacesTokensOfAFirstStartThatWasCutShort) {
  const support::TempDirectory directory;
  ASSERT_TRUE(files::ensure_private_directory(directory / "hub"));
  ASSERT_TRUE(files::write_file_atomically(directory / "hub/api-token", "left over\n"));
  const support::HubProcess hub(directory.path());
  EXPECT_EQ(hub.rest("GET", "/access-token").status, 200);
}

TEST(HubProgram, KeepsItsTokensForGood) {
  const support::TempDirectory directory;
  support::HubProcess hub(directory.path());
  const auto token = files::read_file(hub.agent_token_file()).value();
  hub.kill();
  hub.start_again();
  EXPECT_EQ(files::read_file(hub.agent_token_file()).value(), token);
  EXPECT_EQ(hub.rest("GET", "/access-token").status, 200);
}

TEST(HubProgram, MakesTheOrganizationThatItsFirstStartNames) {
  const support::TempDirectory directory;
  const auto run = [&](const std::string& organization) {
    return support::ChildProgram({support::ostler_program(), "hub", "--listen", "127.0.0.1:0",
                                  "--data-path", directory / "hub", "--org", organization},
                                 directory.path());
  };
  auto refused = run("Not A Slug");
  EXPECT_EQ(refused.wait(std::chrono::seconds(20)), 2) << refused.err();
  EXPECT_THAT(refused.err(), HasSubstr("not well formed"));
  auto first = run("acme");
  ASSERT_TRUE(support::wait_until(std::chrono::seconds(20),
                                  [&] { return first.out().find('\n') != std::string::npos; }));
  first.signal(SIGTERM);
  EXPECT_EQ(first.wait(std::chrono::seconds(20)), 0);
  auto other = run("elsewhere");
  EXPECT_EQ(other.wait(std::chrono::seconds(20)), 1);
  EXPECT_THAT(other.err(), HasSubstr("\"acme\""));
}

TEST(HubProgram, LogsToStandardErrorOrInJsonToStandardOutput) {
  const support::TempDirectory directory;
  const auto run = [&](const std::string& format) {
    support::ChildProgram hub({support::ostler_program(), "hub", "--listen", "127.0.0.1:0",
                               "--data-path", directory / "hub", "--log-format", format},
                              directory.path());
    EXPECT_TRUE(support::wait_until(std::chrono::seconds(20), [&] {
      return hub.out().find("listening") != std::string::npos;
    }));
    hub.signal(SIGTERM);
    EXPECT_EQ(hub.wait(std::chrono::seconds(20)), 0);
    return std::pair(hub.out(), hub.err());
  };
  const auto [out, err] = run("text");
  EXPECT_EQ(std::count(out.begin(), out.end(), '\n'), 1) << out;
  EXPECT_THAT(err, testing::ContainsRegex("notice stopping signal=15\n"));
  const auto [lines, nothing] = run("json");
  EXPECT_EQ(nothing, "");
  const auto first = nlohmann::json::parse(lines.substr(0, lines.find('\n')));
  EXPECT_EQ(first["msg"], "listening");
  EXPECT_THAT(std::string(first["url"]), testing::StartsWith("http://127.0.0.1:"));
}

TEST(HubProgram, GivesItsOwnerNewTokens) {
  const support::TempDirectory directory;
  const support::HubProcess hub(directory.path());
  auto owner = support::RawConnection::to_unix(hub.data() / "hub.sock");
  const std::string body = R"({"description":"laptop"})";
  owner.send("POST /api-tokens HTTP/1.1\r\nHost: x\r\nContent-Length: " +
             std::to_string(body.size()) + "\r\n\r\n" + body);
  const std::string answer = owner.read_answer();
  ASSERT_EQ(support::status_in(answer), 201) << answer;
  const auto access = nlohmann::json::parse(support::body_in(answer));
  EXPECT_EQ(access["url"], hub.url());
  EXPECT_EQ(access["organization"], "ostler");
  const auto who =
      support::http_call({"GET",
                          hub.url() + "/v2/access-token",
                          {"Authorization: Bearer " + access["token"].get<std::string>()},
                          ""});
  EXPECT_EQ(who.status, 200);
  EXPECT_EQ(who.json()["description"], "laptop");
  owner.send("GET /api-tokens HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(owner.read_answer(), testing::HasSubstr("\"description\":\"laptop\""));
  owner.send("GET /pipelines HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(support::status_in(owner.read_answer()), 404);
}

TEST(HubProgram, SaysWhichDiskIsFull) {
  const support::TempDirectory directory;
  if (::geteuid() != 0) GTEST_SKIP() << "mounting a small tmpfs needs root";
  const auto small = directory / "small";
  ASSERT_EQ(::mkdir(small.c_str(), 0700), 0);
  ASSERT_EQ(::mount("tmpfs", small.c_str(), "tmpfs", 0, "size=64k,mode=0700"), 0);
  const auto result = start_hub("127.0.0.1:0", small);
  ::umount(small.c_str());
  expect_one_line(result, 1);
  EXPECT_THAT(result.err, HasSubstr(small.string()));
  EXPECT_THAT(result.err, HasSubstr("full"));
}

TEST(HubProgram, NamesAPortInUse) {
  const support::TempDirectory directory;
  const support::HubProcess hub(directory.path());
  const std::string address = hub.url().substr(std::string_view("http://").size());
  const auto second = start_hub(address, directory / "other");
  expect_one_line(second, 1);
  EXPECT_THAT(second.err, HasSubstr("port " + address.substr(address.find(':') + 1)));
  EXPECT_THAT(second.err, HasSubstr("--listen"));
}

TEST(HubProgram, NamesADirectoryInUse) {
  const support::TempDirectory directory;
  const support::HubProcess hub(directory.path());
  const auto second = start_hub("127.0.0.1:0", hub.data());
  expect_one_line(second, 1);
  EXPECT_THAT(second.err, HasSubstr(hub.data().string()));
  EXPECT_THAT(second.err, HasSubstr("--data-path"));
}

TEST(HubProgram, RefusesADirectoryThatOthersMayEnter) {
  const support::TempDirectory directory;
  ASSERT_EQ(::mkdir((directory / "open").c_str(), 0755), 0);
  ASSERT_EQ(::chmod((directory / "open").c_str(), 0755), 0);
  const auto result = start_hub("127.0.0.1:0", directory / "open");
  expect_one_line(result, 1);
  EXPECT_THAT(result.err, HasSubstr("chmod 700"));
}

TEST(HubProgram, RefusesAnAddressThatIsNone) {
  const support::TempDirectory directory;
  for (const std::string address :
       {"nonsense", "127.0.0.1:", "127.0.0.1:70000", "nowhere.invalid:1"}) {
    const auto result = start_hub(address, directory / "hub");
    expect_one_line(result, 2);
    EXPECT_THAT(result.err, HasSubstr(address.substr(0, address.rfind(':')))) << address;
  }
}

}  // namespace
}  // namespace ostler
