// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <optional>

#include "files/file.hpp"
#include "support/agent_process.hpp"
#include "support/fake_hub.hpp"
#include "support/hub_process.hpp"
#include "support/temp_directory.hpp"

namespace ostler {

/// The built agent, with real keepers and workers, against a hub that plays along or not.
class AgentOnFakeHub : public testing::Test {
 protected:
  support::AgentProcess& start_agent(std::vector<std::string> flags = {}) {
    const auto token = directory_ / "token";
    EXPECT_TRUE(files::write_file_atomically(token, support::FakeHub::kToken));
    flags.insert(flags.end(), {"--cancel-signal-timeout", "1s"});
    agent_.emplace(hub_->endpoint(), token, directory_.path(), std::move(flags));
    return *agent_;
  }

  /// The log of a job as a person reads it.
  std::string log_of(const std::string& job) { return support::plain_log(hub_->job(job).log()); }

  /// Files of jobs and sessions that are left in the state directory.
  std::vector<std::string> left_in(const std::string& name) {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(agent_->state() / name)) {
      names.push_back(entry.path().filename());
    }
    return names;
  }

  const support::TempDirectory directory_;
  std::optional<support::FakeHub> hub_{std::in_place};
  std::optional<support::AgentProcess> agent_;
};

}  // namespace ostler
