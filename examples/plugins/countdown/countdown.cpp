// SPDX-License-Identifier: Apache-2.0
// A step that takes long and can be stopped: it waits in steps of its host's clock, says how far it
// is, and when the job is cancelled it cleans up before it ends.
#include <cstdint>
#include <fstream>
#include <ostler/cpp/step_plugin.hpp>

namespace {

using std::chrono::milliseconds;

struct Config {
  std::int64_t from = 0;
  std::int64_t step_ms = 0;
  bool fails = false;

  static Config read(const ostler::ConfigReader& reader) {
    return {reader.integer("/from"), reader.integer("/step_ms"), reader.boolean("/fails")};
  }
};

std::string mark_of(const ostler::Services& services) {
  return std::string(ostler::to_view(services.job().scratch)) + "/counting";
}

ostler::StepEnd stop(const ostler::Services& services, std::int64_t left) {
  services.begin_cleanup();
  std::remove(mark_of(services).c_str());
  services.log("cleaned up");
  return ostler::cancelled("stopped at " + std::to_string(left));
}

ostler::StepEnd run(const ostler::Services& services, const Config& config) {
  std::ofstream(mark_of(services)) << config.from << "\n";
  services.begin_group("Counting", OSTLER_GROUP_EXPANDED);
  for (std::int64_t left = config.from; left > 0; --left) {
    services.log(std::to_string(left));
    services.progress(static_cast<int>(10'000 * (config.from - left) / config.from));
    if (!services.sleep(milliseconds(config.step_ms))) return stop(services, left);
  }
  services.progress(10'000);
  services.set_output("counted", std::to_string(config.from));
  if (!config.fails) return ostler::passed("lift-off");
  return ostler::failed("the engine did not start")
      .reason("no_ignition")
      .hint("look at the fuel")
      .detail(R"({"engine": 1})")
      .exit_status(3);
}

}  // namespace

OSTLER_STEP_PLUGIN("countdown", "1.0.0", Config, run);
