// SPDX-License-Identifier: Apache-2.0
// A step that asks a server again and again until it is there. `cases/` has servers that come late,
// for `ostler plugin test`: they take minutes, the test does not.
#include <ostler/cpp/step_plugin.hpp>

namespace {

using std::chrono::seconds;

struct Config {
  std::string url;
  seconds interval{0};
  seconds limit{0};

  static Config read(const ostler::ConfigReader& reader) {
    return {reader.text("/url"), seconds(reader.integer("/interval_s")),
            seconds(reader.integer("/limit_s"))};
  }
};

/// What the server says; why it says nothing.
std::string ask(const ostler::Services& services, const std::string& url) {
  try {
    return std::to_string(services.http({.url = url}).status());
  } catch (const ostler::CallFailed& failure) {
    const bool may_come =
        failure.status() == OSTLER_UNAVAILABLE || failure.status() == OSTLER_TIMEOUT;
    if (!may_come) throw;
    return failure.what();
  }
}

ostler::StepEnd run(const ostler::Services& services, const Config& config) {
  const auto begin = services.ticks();
  for (;;) {
    const auto waited = std::chrono::duration_cast<seconds>(services.ticks() - begin);
    const std::string said = ask(services, config.url);
    const std::string line = said + " after " + std::to_string(waited.count()) + " s";
    services.log(line);
    if (said == "200") {
      services.set_output("waited-s", std::to_string(waited.count()));
      return ostler::passed(config.url + " is there");
    }
    if (waited + config.interval > config.limit) return ostler::failed(line).reason("not_there");
    if (!services.sleep(config.interval)) return ostler::cancelled("stopped waiting");
  }
}

}  // namespace

OSTLER_STEP_PLUGIN("await", "1.0.0", Config, run);
