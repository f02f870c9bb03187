// SPDX-License-Identifier: Apache-2.0
#include "cli/plugin_templates.hpp"

#include <array>

#include "base/assert.hpp"

namespace ostler::cli {
namespace {

/// sdk/templates, in the order of CMakeLists.txt.
constexpr auto kTexts = std::to_array<std::string_view>({
#include "cli/plugin_templates.inc"
});
constexpr std::string_view kManifest = kTexts[0];
constexpr std::string_view kIgnored = kTexts[1];

constexpr TemplateFile kC[] = {{"plugin.json", kManifest},
                               {".gitignore", kIgnored},
                               {"CMakeLists.txt", kTexts[2]},
                               {"plugin.c", kTexts[3]}};
constexpr TemplateFile kCpp[] = {{"plugin.json", kManifest},
                                 {".gitignore", kIgnored},
                                 {"CMakeLists.txt", kTexts[4]},
                                 {"plugin.cpp", kTexts[5]}};
constexpr TemplateFile kRust[] = {
    {"plugin.json", kManifest},      {".gitignore", kIgnored},
    {"CMakeLists.txt", kTexts[6]},   {"plugin.rs", kTexts[7]},
    {"ostler.rs", kTexts[8]},        {"ostler_host.rs", kTexts[9]},
    {"ostler_calls.rs", kTexts[10]}, {"ostler_programs.rs", kTexts[11]}};
constexpr TemplateFile kPython[] = {{"plugin.json", kTexts[12]},
                                    {".gitignore", kIgnored},
                                    {"CMakeLists.txt", kTexts[13]},
                                    {"__main__.py", kTexts[14]},
                                    {"ostler_step.py", kTexts[15]}};
constexpr std::string_view kLanguages[] = {"c", "cpp", "rust", "python"};

}  // namespace

std::span<const std::string_view> template_languages() { return kLanguages; }

std::span<const TemplateFile> template_files(std::string_view language) {
  if (language == "c") return kC;
  if (language == "cpp") return kCpp;
  if (language == "rust") return kRust;
  OSTLER_ASSERT(language == "python");
  return kPython;
}

}  // namespace ostler::cli
