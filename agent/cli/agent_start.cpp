// SPDX-License-Identifier: Apache-2.0
#include <sys/prctl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <set>
#include <string>
#include <variant>

#include "cli/exit.hpp"
#include "cli/option_listing.hpp"
#include "cli/run_functions.hpp"
#include "config/agent_config.hpp"
#include "daemon/agent.hpp"
#include "diag/log.hpp"

namespace ostler::cli {
namespace {

/// bin/ostler of the installation that this program belongs to.
std::filesystem::path lean_program() {
  std::error_code ec;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", ec);
  return (self.parent_path() / "../../bin/ostler").lexically_normal();
}

/// The options of an agent are a table of their own, which its help prints.
int list_agent_options() {
  const auto read = config::read_agent_config({"--help"}, {});
  const auto* help = read ? std::get_if<config::HelpText>(&read.value()) : nullptr;
  if (help == nullptr) return kExitOk;
  std::set<std::string, std::less<>> names;
  const std::string& text = help->text;
  for (auto at = text.find("--"); at != text.npos; at = text.find("--", at + 2)) {
    const auto end = text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-", at + 2);
    if (end != at + 2) names.insert(text.substr(at, end - at));
  }
  for (const std::string& name : names) std::puts(name.c_str());
  return kExitOk;
}

void set_up_log(const config::AgentConfig& config) {
  diag::LogOptions options;
  diag::parse_level(config.log_level, options.level);
  options.format = config.log_format == "json" ? diag::Format::Json : diag::Format::Text;
  options.color = !config.no_color && ::isatty(STDERR_FILENO) != 0;
  diag::set_up_log(options);
}

}  // namespace

int run_agent_start(const Arguments& arguments) {
  if (!arguments.empty() && arguments.front() == kListOptions) {
    return arguments.size() == 1 ? list_agent_options() : kExitOk;
  }
  const auto program = lean_program();
  auto read = config::read_agent_config(arguments, program.parent_path());
  if (!read) return refuse(read.error().message());
  if (const auto* help = std::get_if<config::HelpText>(&read.value())) {
    std::fputs(help->text.c_str(), stdout);
    return kExitOk;
  }
  // What jobs inherit must not hold the agent's own settings, least of all its token.
  for (const auto& variable : config::agent_setting_variables()) ::unsetenv(variable.c_str());
  ::prctl(PR_SET_DUMPABLE, 0);
  const auto& config = std::get<config::AgentConfig>(read.value());
  set_up_log(config);
  const auto ended = daemon::run_agent(config, program);
  // The reference knows no other status for an agent that cannot start.
  return ended ? ended.value() : fail(ended.error().message());
}

}  // namespace ostler::cli
