// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <memory>
#include <string>
#include <vector>

#include "support/agent_process.hpp"
#include "support/hub_process.hpp"
#include "support/person.hpp"
#include "support/temp_directory.hpp"
#include "support/wait_until.hpp"

namespace ostler {

/// A hub, an agent, and somebody who asks for builds whose only job, called Way, fails.
class FailingHouse {
 public:
  static constexpr const char* kNoCheckout = "BUILDKITE_SKIP_CHECKOUT: \"true\"";

  explicit FailingHouse(std::vector<std::string> agent_flags = {})
      : agent_(hub_, directory_.path(), std::move(agent_flags)) {}

  support::HubProcess& hub() { return hub_; }
  support::AgentProcess& agent() { return agent_; }
  const support::Person& person() const { return person_; }

  /// Makes the pipeline and its first build; the pipeline's name.
  std::string begin(const std::string& step, const std::string& env = kNoCheckout,
                    const std::string& repository = "https://git.example.com/none") {
    const std::string pipeline = "way-" + std::to_string(++made_);
    hub_.make_pipeline(pipeline, "env: {" + env + "}\nsteps: [{label: Way, " + step + "}]\n",
                       repository);
    hub_.make_build(pipeline);
    return pipeline;
  }
  /// The same, once its job has said "up" and the hub has it.
  std::string begin_and_await_up(const std::string& step) {
    std::string pipeline = begin(step);
    EXPECT_TRUE(support::wait_until(std::chrono::seconds(60), [&] {
      return hub_.log(pipeline, 1).find("up\r\n") != std::string::npos ||
             hub_.log(pipeline, 1).find("up\n") != std::string::npos;
    })) << agent_.program().err();
    return pipeline;
  }
  /// What `build show` says of the failure, once the build is over.
  std::string failure_in(const std::string& pipeline) {
    EXPECT_TRUE(hub_.finished_build(pipeline, 1, std::chrono::seconds(120)))
        << agent_.program().err();
    const std::string shown = person_.said({"build", "show", pipeline + "/1"});
    const std::size_t begin = shown.find("\nWay failed: ");
    EXPECT_NE(begin, shown.npos) << shown;
    return begin == shown.npos ? "" : shown.substr(begin + 1);
  }
  std::string failure_of(const std::string& step, const std::string& env = "",
                         const std::string& repository = "https://git.example.com/none") {
    return failure_in(begin(step, env, repository));
  }
  /// The same without a checkout.
  std::string failure_of_step(const std::string& step) { return failure_in(begin(step)); }
  std::string why(const std::string& pipeline) const {
    return person_.said({"job", "why", pipeline + "/1", "--step", "Way"});
  }

  /// Moves in the hub's database what would take minutes to come.
  void hasten(const std::string& sql) const {
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open((hub_.data() / "ostler.db").c_str(), &database), SQLITE_OK);
    const std::unique_ptr<sqlite3, int (*)(sqlite3*)> closed(database, sqlite3_close);
    sqlite3_busy_timeout(database, 20'000);
    EXPECT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
        << sqlite3_errmsg(database);
  }

 private:
  const support::TempDirectory directory_;
  support::HubProcess hub_{directory_.path()};
  support::AgentProcess agent_;
  const support::Person person_{hub_, directory_.path()};
  int made_ = 0;
};

}  // namespace ostler
