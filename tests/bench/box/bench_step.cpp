// SPDX-License-Identifier: Apache-2.0
// Says its process, then as many lines as it is told, and how far it is as often as it is told.
#include <unistd.h>

#include <ostler/cpp/step_plugin.hpp>

namespace {

struct Config {
  std::int64_t lines;
  std::int64_t reports;

  static Config read(const ostler::ConfigReader& reader) {
    return {reader.integer("/lines"), reader.integer("/reports")};
  }
};

ostler::StepEnd run(const ostler::Services& services, const Config& config) {
  services.log(std::to_string(::getpid()));
  const std::string line = "a line such as a compiler writes, with a path and a number of it: 42";
  for (std::int64_t i = 0; i < config.lines; ++i) services.log(line);
  for (std::int64_t i = 0; i < config.reports; ++i) {
    services.progress(static_cast<int>(i % 10'000), "compiled one more", "compile");
  }
  return ostler::passed("said");
}

}  // namespace

OSTLER_STEP_PLUGIN("bench-step", "1.0.0", Config, run);
