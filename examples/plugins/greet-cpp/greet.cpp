// SPDX-License-Identifier: Apache-2.0
// The smallest useful step plugin in C++.
#include <ostler/cpp/step_plugin.hpp>

namespace {

struct Config {
  std::string name;

  static Config read(const ostler::ConfigReader& reader) { return {reader.text("/name")}; }
};

ostler::StepEnd run(const ostler::Services& services, const Config& config) {
  services.log("Hello, " + config.name + "!");
  return ostler::passed("greeted one");
}

}  // namespace

OSTLER_STEP_PLUGIN("greet-cpp", "1.0.0", Config, run);
