// SPDX-License-Identifier: Apache-2.0
// `ostler plugin new`: a directory with a step plugin that builds as it is.
#include <CLI/CLI.hpp>
#include <filesystem>
#include <vector>

#include "cli/exit.hpp"
#include "cli/missing_tools.hpp"
#include "cli/options.hpp"
#include "cli/plugin_place.hpp"
#include "cli/plugin_templates.hpp"
#include "cli/run_functions.hpp"
#include "console/terminal.hpp"
#include "files/file.hpp"
#include "plugin_host/manifest.hpp"

namespace ostler::cli {

namespace fs = std::filesystem;

namespace {

constexpr const char* kPluginNewExamples =
    "Examples:\n"
    "  ostler plugin new greet\n"
    "  ostler plugin new greet-in-rust --lang rust\n";
constexpr mode_t kTemplateMode = 0644;

std::string with_name(std::string_view text, const std::string& name) {
  constexpr std::string_view kMark = "@NAME@";
  std::string made(text);
  for (auto at = made.find(kMark); at != made.npos; at = made.find(kMark, at + name.size())) {
    made.replace(at, kMark.size(), name);
  }
  return made;
}

/// Errors: UserFault for a name that no plugin can have; Conflict when something is there.
Result<void> make_plugin(const std::string& name, const std::string& language) {
  if (!plugin_host::is_plugin_id(name)) {
    return Error(Errc::UserFault, "the name of a plugin is [a-z][a-z0-9-]*, at most 64 bytes");
  }
  std::error_code error;
  if (fs::exists(fs::symlink_status(name, error))) {
    return Error(Errc::Conflict, name + " is there already; choose another name, or remove it");
  }
  if (!fs::create_directory(name, error)) {
    return Error::from_errno(error.value(), "make the directory " + name);
  }
  for (const TemplateFile& file : template_files(language)) {
    OSTLER_TRY(files::write_file_atomically(fs::path(name) / file.name,
                                            with_name(file.content, name), kTemplateMode));
  }
  return success();
}

void say_what_is_next(const std::string& name) {
  const std::string build = name + "/build";
  const std::string prefix = sdk_prefix();
  auto terminal = console::Terminal::of_standard_output();
  terminal.print_line("Made " + name + ", a step plugin that says hello. Next:");
  terminal.print_line("  cmake -S " + name + " -B " + build +
                      (prefix.empty() ? "" : " -DCMAKE_PREFIX_PATH=" + prefix) +
                      " && cmake --build " + build);
  terminal.print_line("  ostler plugin check " + build + "/" + name);
  terminal.print_line("  ostler plugin run " + build + "/" + name);
  if (!has_sdk()) remark("But " + missing_sdk());
}

}  // namespace

int run_plugin_new(const Arguments& arguments) {
  std::string name;
  std::string language = "cpp";
  const auto languages = template_languages();
  CLI::App app("Makes the directory NAME with a step plugin that builds and runs as it is",
               "plugin new");
  app.add_option("NAME", name, "Id of the plugin: [a-z][a-z0-9-]*")->required();
  app.add_option("--lang", language, "Language that it is written in")
      ->check(CLI::IsMember(std::vector<std::string>(languages.begin(), languages.end())))
      ->capture_default_str();
  app.footer(kPluginNewExamples);
  if (const auto ended = read_options(app, arguments)) return *ended;
  if (const auto made = make_plugin(name, language); !made) return fail(made.error());
  say_what_is_next(name);
  return kExitOk;
}

}  // namespace ostler::cli
