// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "base/assert.hpp"
#include "bench/chain/bench_hub.hpp"
#include "support/agent_process.hpp"
#include "support/temp_directory.hpp"

namespace ostler::bench {

/// An agent with `slots` on the bench hub, in directories of its own.
struct Fixture {
  explicit Fixture(int slots, std::vector<std::string> flags = {})
      : agent(hub.endpoint(), make_token(), directory.path(), with_slots(std::move(flags), slots)) {
    OSTLER_ASSERT(hub.await_idle(slots));
  }

  static std::vector<std::string> with_slots(std::vector<std::string> flags, int slots) {
    flags.insert(flags.end(), {"--spawn", std::to_string(slots)});
    return flags;
  }

  std::filesystem::path make_token() const {
    std::ofstream(directory / "token") << "bench\n";
    return directory / "token";
  }

  const support::TempDirectory directory;
  BenchHub hub;
  support::AgentProcess agent;
};

}  // namespace ostler::bench
