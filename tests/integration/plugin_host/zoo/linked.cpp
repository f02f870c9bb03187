// SPDX-License-Identifier: Apache-2.0
// A plugin that needs a library of its bundle.
#include <ostler/cpp/step_plugin.hpp>

extern "C" int words_count(const char* text);

namespace {

struct Config {
  std::string text;

  static Config read(const ostler::ConfigReader& reader) { return {reader.text("/do")}; }
};

[[gnu::noinline]] ostler::StepEnd count_words(const ostler::Services&, const Config& config) {
  const int count = words_count(config.text.c_str());
  return ostler::passed(std::to_string(count) + " words");
}

}  // namespace

OSTLER_STEP_PLUGIN("linked", Config, count_words);
