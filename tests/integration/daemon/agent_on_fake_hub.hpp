// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <fstream>
#include <optional>

#include "files/file.hpp"
#include "support/agent_process.hpp"
#include "support/fake_hub.hpp"
#include "support/hub_process.hpp"
#include "support/temp_directory.hpp"
#include "support/wait_until.hpp"

namespace ostler {

/// The built agent, with real keepers and workers, against a hub that plays along or not.
class AgentOnFakeHub : public testing::Test {
 protected:
  /// `patience`: for how long a job may go on after it has been told to stop.
  support::AgentProcess& start_agent(std::vector<std::string> flags = {},
                                     const std::string& patience = "1s",
                                     const std::string& program = support::ostler_program()) {
    const auto token = directory_ / "token";
    EXPECT_TRUE(files::write_file_atomically(token, support::FakeHub::kToken));
    flags.insert(flags.end(), {"--cancel-signal-timeout", patience});
    agent_.emplace(hub_->endpoint(), token, directory_.path(), std::move(flags), program);
    return *agent_;
  }

  /// A job that says "up" and then waits until open() is called with the same name.
  std::string add_waiting_job(const std::string& name, const std::string& before = "true") {
    return hub_->add_job({{"BUILDKITE_COMMAND", before + "; echo up; until [ -e " + gate(name) +
                                                    " ]; do sleep 0.01; done; echo gone"}});
  }
  void open(const std::string& name) { std::ofstream(gate(name)) << "open"; }
  std::string gate(const std::string& name) { return (directory_ / ("gate-" + name)).string(); }
  bool wait_up(const std::string& job, std::chrono::seconds limit = std::chrono::seconds(20)) {
    return hub_->wait_for(
        job,
        [](const support::FakeJob& one) { return one.log().find("up\r\n") != std::string::npos; },
        limit);
  }

  /// The log of a job as a person reads it.
  std::string log_of(const std::string& job) { return support::plain_log(hub_->job(job).log()); }

  /// The process that keeps the job, as its lock file tells.
  pid_t keeper_of(const std::string& job) {
    const auto text = files::read_file(agent_->state() / "jobs" / job / "lock");
    const auto at = text ? text.value().find_first_of("0123456789") : std::string::npos;
    return at == std::string::npos ? -1 : std::stoi(text.value().substr(at));
  }

  /// Files of jobs or sessions that are left in the state directory.
  std::vector<std::string> left_in(const std::string& name) {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(agent_->state() / name)) {
      names.push_back(entry.path().filename());
    }
    return names;
  }

  void expect_delivered_once(const std::string& job) {
    const auto found = hub_->job(job);
    EXPECT_EQ(found.finishes, 1);
    EXPECT_EQ(found.conflicting_chunks, 0);
    EXPECT_FALSE(found.finished_before_chunks);
    EXPECT_TRUE(found.is_contiguous());
  }

  /// Ends the agent in peace, and sees that nothing stays behind.
  void expect_clean_stop() {
    EXPECT_EQ(agent_->stop(), 0) << agent_->program().err();
    EXPECT_TRUE(left_in("jobs").empty());
    EXPECT_TRUE(left_in("sessions").empty());
    EXPECT_TRUE(left_in("run").empty());
    EXPECT_EQ(hub_->live_sessions(), 0);
  }

  const support::TempDirectory directory_;
  std::optional<support::FakeHub> hub_{std::in_place};
  std::optional<support::AgentProcess> agent_;
};

/// How many lines of `text` hold `part`.
inline long lines_with(const std::string& text, const std::string& part) {
  long count = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; ++count) {
    at = std::min(text.find('\n', at + part.size()), text.size());
  }
  return count;
}

}  // namespace ostler
