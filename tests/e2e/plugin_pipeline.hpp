// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "e2e/python_plugin.hpp"
#include "support/agent_process.hpp"
#include "support/hub_process.hpp"
#include "support/person.hpp"
#include "support/temp_directory.hpp"

namespace ostler {

/// A hub, an agent that knows the plugin of the zoo, and a person.
class PluginPipeline : public testing::Test {
 protected:
  PluginPipeline() {
    const std::filesystem::path built = std::getenv("OSTLER_BUILD_DIR");
    std::filesystem::create_directories(directory_ / "state/plugins/zoo/1.0.0");
    std::filesystem::permissions(directory_ / "state", std::filesystem::perms::owner_all);
    std::filesystem::copy(built / "tests/integration/plugin_host/zoo",
                          directory_ / "state/plugins/zoo/1.0.0");
  }

  int build_of(const std::string& steps) const {
    const std::string skip = "env: {BUILDKITE_SKIP_CHECKOUT: \"true\"}\n";
    hub_.make_pipeline("app", skip + "steps:\n" + steps);
    return hub_.make_build("app");
  }
  nlohmann::json finished(const std::string& steps) const {
    return hub_.finished_build("app", build_of(steps), std::chrono::seconds(60)).value();
  }
  /// A plugin in Python whose result is that expression.
  void install_snake(const std::string& permissions, const std::string& expression,
                     const std::string& definitions = "") const {
    support::install_plugin(
        directory_ / "state",
        {.id = "snake",
         .source = definitions + "run('snake', '1.0.0', lambda step: " + expression + ")\n",
         .permissions = permissions,
         .configuration = R"({"type": "object"})"});
  }
  std::string log(std::size_t job) const { return support::plain_log(hub_.log("app", 1, job)); }

  const support::TempDirectory directory_;
  support::HubProcess hub_{directory_.path()};
  support::AgentProcess agent_{
      hub_, directory_.path(), {"--plugin-names", "zoo", "--plugin-secrets-put", "snake"}};
  support::Person person_{hub_, directory_.path()};
};

}  // namespace ostler
