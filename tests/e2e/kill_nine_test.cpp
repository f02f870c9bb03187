// SPDX-License-Identifier: Apache-2.0
// Agent and hub are killed with -9 while a job prints; nothing it printed may be lost or doubled.
#include <gtest/gtest.h>

#include <cstdlib>
#include <sstream>

#include "files/file.hpp"
#include "support/agent_process.hpp"
#include "support/hub_process.hpp"
#include "support/tcp_proxy.hpp"
#include "support/temp_directory.hpp"
#include "support/wait_until.hpp"

namespace ostler {
namespace {

using namespace std::chrono_literals;

constexpr int kLines = 12'000;
constexpr int kExitStatus = 7;

/// A job of a minute: a numbered line every 5 ms, and how far it is in the file PROGRESS.
constexpr const char* kKilledPipeline = R"yaml(
steps:
  - label: count
    command: |
      for ((i = 1; i <= LINES_WANTED; i++)); do
        echo "line $$i"
        echo "$$i" >"$$PROGRESS"
        read -r -t 0.005 <>"$$QUIET" || true
      done
      exit 7
)yaml";

int progress(const std::filesystem::path& file) {
  auto text = files::read_file(file);
  return text ? std::atoi(text.value().c_str()) : 0;
}

std::vector<std::string> numbered_lines(const std::string& log) {
  std::vector<std::string> lines;
  std::istringstream in(support::plain_log(log));
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("line ")) lines.push_back(line);
  }
  return lines;
}

class KillNine : public testing::Test {
 protected:
  KillNine() {
    const auto made = support::run_program({"mkfifo", directory_ / "quiet"});
    EXPECT_EQ(made.code, 0);
  }

  int start_job() {
    const auto slug = hub_.make_pipeline("count", kKilledPipeline);
    return hub_.make_build(slug, {{"BUILDKITE_SKIP_CHECKOUT", "true"},
                                  {"LINES_WANTED", std::to_string(kLines)},
                                  {"QUIET", (directory_ / "quiet").string()},
                                  {"PROGRESS", progress_file_.string()}});
  }

  void await_line(int line) {
    ASSERT_TRUE(support::wait_until(120s, [&] { return progress(progress_file_) >= line; }))
        << "the job stands at line " << progress(progress_file_) << "\n"
        << agent_.program().err();
  }

  const support::TempDirectory directory_;
  const std::filesystem::path progress_file_ = directory_ / "progress";
  support::HubProcess hub_{directory_.path()};
  support::TcpProxy proxy_{hub_.port()};
  support::AgentProcess agent_{
      proxy_.url() + "/v3", hub_.agent_token_file(), directory_.path(), {}};
};

TEST_F(KillNine, LosesNoLineWhenTheAgentDiesTenTimesAndTheHubTwice) {
  const int build = start_job();
  for (int kill = 1; kill <= 10; ++kill) {
    await_line(kill * 1000);
    if (HasFatalFailure()) return;
    agent_.kill();
    if (kill == 4 || kill == 8) {
      hub_.kill();
      await_line(kill * 1000 + 300);
      hub_.start_again();
    }
    agent_.start_again();
  }
  const auto finished = hub_.finished_build("count", build, 180s);
  ASSERT_TRUE(finished) << agent_.program().err() << hub_.program().err();

  const auto lines = numbered_lines(hub_.log("count", build));
  ASSERT_EQ(lines.size(), static_cast<std::size_t>(kLines));
  for (std::size_t i = 0; i < lines.size(); ++i) {
    ASSERT_EQ(lines[i], "line " + std::to_string(i + 1));
  }
  const auto& job = (*finished)["jobs"][0];
  EXPECT_EQ(job["exit_status"], kExitStatus);
  EXPECT_EQ((*finished)["state"], "failed");
  EXPECT_EQ(proxy_.count("/jobs/" + job["id"].get<std::string>() + "/finish HTTP/"), 1);
  EXPECT_EQ(agent_.stop(), 0);
}

}  // namespace
}  // namespace ostler
