// SPDX-License-Identifier: Apache-2.0
// The plugins that examples speak of.
#include <gtest/gtest.h>

#include <cstdlib>

#include "e2e/help_house.hpp"

namespace ostler::support {
namespace {

using namespace std::chrono_literals;

/// In a checkout: greet, built, packed and signed; hello, from which it is built; and cases of it.
constexpr const char* kMakePlugins = R"sh(
set -e
cmake --install "$OSTLER_BUILD_DIR" --component sdk --prefix "$HOME/sdk" > "$HOME/installed"
cd "$HOME"
ostler plugin new greet --lang c
cd checkout
cmake -S ../greet -B build
cmake --build build
openssl genpkey -algorithm ed25519 -out key.pem
openssl pkey -in key.pem -pubout -out publisher.pem
ostler plugin sign build/greet --key key.pem
tar czf greet-1.0.0.tar.gz -C build/greet .
ostler plugin new hello --lang c
mkdir cases
echo '{"name": "Ada"}' | tee hello.json greet.json cases/old.json > cases/new.json
)sh";

/// In a checkout: web, which starts a service of that name, for the agents of this machine.
constexpr const char* kMakeService = R"sh(
set -e
cmake --install "$OSTLER_BUILD_DIR" --component sdk --prefix "$HOME/sdk" > "$HOME/installed"
ostler plugin new web
cat > web/plugin.cpp <<'END'
#include <ostler/cpp/service_runner.hpp>
#include <ostler/cpp/step_plugin.hpp>
struct Config {
  static Config read(const ostler::ConfigReader&) { return {}; }
};
ostler::StepEnd run(const ostler::Services& services, const Config&) {
  const ostler::ServiceRunner runner(services);
  const std::string program = "echo serving; exec sleep 600";
  runner.promote(runner.start({.name = "web", .arguments = {"sh", "-c", program}}).id);
  return ostler::passed("");
}
OSTLER_STEP_PLUGIN("web", "1.0.0", Config, run);
END
sed -i 's/"permissions": {}/"permissions": {"services": ["service"]}/' web/plugin.json
cmake -S web -B build
cmake --build build
ostler plugin install build/web --store "$OSTLER_AGENT_STATE_PATH/plugins"
)sh";

constexpr const char* kServiceSteps = R"yaml(
env: {BUILDKITE_SKIP_CHECKOUT: "true"}
steps: [{plugins: ["ostler://web#1"]}]
)yaml";

}  // namespace

void HelpHouse::make_plugins() {
  const auto made = shell(kMakePlugins);
  ASSERT_EQ(made.code, 0) << made.out << made.err;
}

void HelpHouse::have_plugin() const {
  for (const char* command : {"install", "publish"}) {
    const auto done = shell(std::string("ostler plugin ") + command + " greet-1.0.0.tar.gz");
    EXPECT_EQ(done.code, 0) << done.err;
  }
}

void HelpHouse::start_service() {
  const auto made = shell(kMakeService);
  ASSERT_EQ(made.code, 0) << made.out << made.err;
  hub_.make_pipeline("site", kServiceSteps);
  const auto build = hub_.finished_build("site", hub_.make_build("site"), 300s);
  ASSERT_TRUE(build);
  EXPECT_EQ((*build)["state"], "passed") << plain_log(hub_.log("site", 1));
}

}  // namespace ostler::support
