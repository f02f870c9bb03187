// SPDX-License-Identifier: Apache-2.0
// The hub is away for longer than the leases, which are as short as it gives them: jobs of one
// queue may finish meanwhile, those of another are stopped when their leases end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "files/file.hpp"
#include "support/agent_process.hpp"
#include "support/hub_process.hpp"
#include "support/person.hpp"
#include "support/temp_directory.hpp"
#include "support/wait_until.hpp"

namespace ostler {
namespace {

using namespace std::chrono_literals;

using testing::HasSubstr;

constexpr int kFinishing = 50;
constexpr int kStopped = 10;

/// Notes that it has begun, prints a line a second until its gate opens, and ends with its status.
constexpr const char* kPipeline = R"yaml(
env: {BUILDKITE_SKIP_CHECKOUT: "true"}
agents: {queue: "$$QUEUE"}
steps:
  - command: |
      trap 'echo "told to stop"; exit 3' TERM
      echo "$$NUMBER" >>"$$RUNS"
      for ((i = 1; ; i++)); do
        echo "line $$i"
        echo "$$i" >"$$COUNTS/$$NUMBER"
        if [ -e "$$GATE" ]; then break; fi
        read -r -t 1 <>"$$QUIET" || true
      done
      echo "said all"
      exit "$$STATUS"
)yaml";

long lines_with(const std::string& text, const std::string& words) {
  long found = 0;
  for (auto at = text.find(words); at != text.npos; at = text.find(words, at + 1)) ++found;
  return found;
}

class HubOutage : public testing::Test {
 protected:
  HubOutage() {
    std::filesystem::create_directory(directory_ / "counts");
    EXPECT_EQ(support::run_program({"mkfifo", (directory_ / "quiet").string()}).code, 0);
    for (const char* queue : {"finish", "stop"}) {
      person_.said({"queue", "create", queue, "--lease", "120"});
      std::string yaml = kPipeline;
      yaml.replace(yaml.find("$$QUEUE"), 7, queue);
      hub_.make_pipeline(queue, yaml);
    }
  }

  std::filesystem::path folder(const std::string& name) const {
    std::filesystem::create_directory(directory_ / name);
    return directory_ / name;
  }
  void make_jobs(const std::string& queue, int jobs) {
    for (int i = 1; i <= jobs; ++i) {
      const std::string gate = queue == "stop" ? "never" : i % 2 == 0 ? "early" : "late";
      hub_.make_build(queue, {{"NUMBER", queue + std::to_string(i)},
                              {"RUNS", (directory_ / "runs").string()},
                              {"COUNTS", (directory_ / "counts").string()},
                              {"QUIET", (directory_ / "quiet").string()},
                              {"GATE", (directory_ / gate).string()},
                              {"STATUS", std::to_string(i % 3)}});
    }
  }
  void open(const char* gate) const { std::ofstream(directory_ / gate) << "open"; }

  std::size_t begun() const {
    const auto text = files::read_file(directory_ / "runs");
    return text ? static_cast<std::size_t>(std::ranges::count(text.value(), '\n')) : 0;
  }

  /// Every line that a job has printed, in order, once.
  std::string printed_by(const std::string& name) const {
    const int lines = std::stoi(files::read_file(directory_ / "counts" / name).value());
    std::string text;
    for (int i = 1; i <= lines; ++i) text += "line " + std::to_string(i) + "\n";
    return text;
  }
  nlohmann::json ended(const std::string& queue, int number) {
    const auto build = hub_.finished_build(queue, number, 120s);
    EXPECT_TRUE(build) << queue << number;
    return build.value_or(nlohmann::json{{"jobs", {nlohmann::json::object()}}});
  }

  const support::TempDirectory directory_;
  support::HubProcess hub_{directory_.path()};
  const support::Person person_{hub_, directory_.path()};
};

TEST_F(HubOutage, LongerThanTheLeasesCostsNoResultAndNoLog) {
  support::AgentProcess finishing(hub_, folder("a"),
                                  {"--queue", "finish", "--spawn", std::to_string(kFinishing)});
  support::AgentProcess stopping(
      hub_, folder("b"),
      {"--queue", "stop", "--spawn", std::to_string(kStopped), "--on-lease-lost", "stop"});
  make_jobs("finish", kFinishing);
  make_jobs("stop", kStopped);
  ASSERT_TRUE(support::wait_until(240s, [&] { return begun() == kFinishing + kStopped; }))
      << begun() << finishing.program().err();
  hub_.kill();
  open("early");
  ASSERT_TRUE(support::wait_until(
      300s,
      [&] {
        return lines_with(finishing.program().err(), "lease has ended, it goes on") >=
                   kFinishing / 2 &&
               lines_with(stopping.program().err(), "a finished job waits for the server") >=
                   kStopped;
      }))
      << finishing.program().err() << stopping.program().err();
  open("late");
  ASSERT_TRUE(support::wait_until(60s, [&] {
    return lines_with(finishing.program().err(), "a finished job waits for the server") >=
           kFinishing;
  })) << finishing.program().err();
  hub_.start_again();

  for (int i = 1; i <= kFinishing; ++i) {
    const auto build = ended("finish", i);
    EXPECT_EQ(build["jobs"][0]["exit_status"], i % 3) << i;
    EXPECT_THAT(support::plain_log(hub_.log("finish", i)),
                HasSubstr("\n" + printed_by("finish" + std::to_string(i)) + "said all\n"));
  }
  for (int i = 1; i <= kStopped; ++i) {
    const auto build = ended("stop", i);
    EXPECT_EQ(build["state"], "failed") << build;
    EXPECT_EQ(build["jobs"][0]["signal_reason"], "cancel") << build;
    const std::string log = support::plain_log(hub_.log("stop", i));
    EXPECT_THAT(log, HasSubstr("\n" + printed_by("stop" + std::to_string(i))));
    EXPECT_THAT(log, HasSubstr("# Received cancellation signal, interrupting"));
    EXPECT_THAT(log, HasSubstr("told to stop\n"));
  }
  EXPECT_EQ(begun(), kFinishing + kStopped) << "none runs twice";
  EXPECT_EQ(finishing.stop(60s), 0) << finishing.program().err();
  EXPECT_EQ(stopping.stop(60s), 0) << stopping.program().err();
}

}  // namespace
}  // namespace ostler
