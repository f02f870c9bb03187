// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <string>

#include "plugin_host/bundle.hpp"

namespace ostler::cli {

inline constexpr const char* kExchangesOfCase = ".http.json";
inline constexpr const char* kJobOfCase = ".job.json";

/// One golden case of a plugin: NAME.json is the configuration, NAME.workspace/ what is in the
/// workspace, NAME.http.json what servers answer and NAME.job.json what job it is, if they are
/// there, and NAME.expected what the plugin then says.
struct PluginCase {
  std::filesystem::path config;

  std::string name() const { return config.stem(); }
  std::filesystem::path expected() const { return sibling(".expected"); }
  std::filesystem::path workspace() const { return sibling(".workspace"); }
  std::filesystem::path exchanges() const { return sibling(kExchangesOfCase); }
  std::filesystem::path job() const { return sibling(kJobOfCase); }

 private:
  std::filesystem::path sibling(const char* extension) const {
    return std::filesystem::path(config).replace_extension(extension);
  }
};

/// How long a case may take, and by which clock its plugin waits.
struct CaseTime {
  std::chrono::seconds limit;
  bool is_real = false;  ///< else the plugin's clock is virtual; see agent/docs/box-protocol.md
};

/// Runs the plugin in a workspace of its own, without variables, and returns what it said and put
/// out and how it ended, the same each time as far as the plugin is: lines of messages, groups and
/// progress, then outputs and the result, then what it printed. A configuration that is refused is
/// an outcome, too. Errors: the plugin could not be run.
Result<std::string> run_case(const plugin_host::Bundle& bundle, const PluginCase& golden,
                             const CaseTime& time);

}  // namespace ostler::cli
