// SPDX-License-Identifier: Apache-2.0
// Puts a new version of a service in place: starts it beside the running one, waits until it
// answers, and only then makes it the one of its name. A bad one is stopped, and the one before
// never knew.
#include <cstdint>
#include <ostler/cpp/service_runner.hpp>
#include <ostler/cpp/step_plugin.hpp>
#include <string>
#include <vector>

namespace {

struct Config {
  std::string name;
  std::vector<std::string> command;
  std::string health;
  std::int64_t within_s = 0;

  static Config read(const ostler::ConfigReader& reader) {
    Config config{reader.text("/name"), {}, reader.text("/health"), reader.integer("/within_s")};
    for (std::size_t i = 0; i < reader.count("/command"); ++i) {
      config.command.push_back(reader.text("/command/" + std::to_string(i)));
    }
    return config;
  }
};

ostler::StepEnd give_up(const ostler::Services& services, const ostler::ServiceRunner& runner,
                        const ostler::StartedService& bad) {
  services.begin_group("What it has printed", OSTLER_GROUP_EXPANDED);
  services.log(runner.log(bad.id));
  runner.stop(bad.id);
  return ostler::failed("it did not become healthy")
      .reason("not_healthy")
      .hint("the version before goes on, if there was one");
}

ostler::StepEnd run(const ostler::Services& services, const Config& config) {
  const ostler::ServiceRunner runner(services);
  runner.listen(config.name);
  const auto started = runner.start({.name = config.name,
                                     .arguments = config.command,
                                     .listener = config.name,
                                     .probe = config.health,
                                     .interval = std::chrono::milliseconds(200)});
  services.log("started " + started.id + " at " + started.address);
  if (!runner.wait_until_healthy(started.id, std::chrono::seconds(config.within_s))) {
    return give_up(services, runner, started);
  }
  runner.promote(started.id);
  services.set_output("address", "\"" + started.address + "\"");
  return ostler::passed(started.id + " serves at " + started.address);
}

}  // namespace

OSTLER_STEP_PLUGIN("launch", "1.0.0", Config, run);
