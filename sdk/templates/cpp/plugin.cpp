// The step is in run(). What it may use stands in ostler/cpp/services.hpp and ostler/abi.h.
#include <ostler/cpp/step_plugin.hpp>

namespace {

/// What the pipeline gives the step: valid by the schema in plugin.json, defaults filled in.
struct Config {
  std::string name;

  static Config read(const ostler::ConfigReader& reader) { return {reader.text("/name")}; }
};

ostler::StepEnd run(const ostler::Services& services, const Config& config) {
  services.log("Hello, " + config.name + "!");
  return ostler::passed("greeted one");
}

}  // namespace

OSTLER_STEP_PLUGIN("@NAME@", "1.0.0", Config, run);  // as in plugin.json
