// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <filesystem>
#include <string>

#include "cli/case_step_services.hpp"
#include "cli/case_transcript.hpp"
#include "cli/plugin_case.hpp"
#include "plugin_host/box_run.hpp"
#include "plugin_host/scratch_directory.hpp"

// What the runs of a case have in common, with recorded servers and with real ones.
namespace ostler::cli {

/// What a case gives its plugin.
struct CaseSetup {
  plugin_host::JsonValue config;
  CasePermissions permissions;
};
/// `text`: of the file with the configuration. Errors: the plugin refuses it.
Result<CaseSetup> setup_of(const plugin_host::Bundle& bundle, const std::string& text,
                           const PluginCase& golden);

/// The directories of one run, removed with this; their names differ each time.
struct CaseDirectories {
  plugin_host::ScratchDirectory root;
  std::string workspace;  ///< with the files of the case
  std::string scratch;
  /// What local services and the plugin itself would keep from run to run.
  std::filesystem::path kept() const { return std::filesystem::path(root.path()) / "kept"; }
};
Result<CaseDirectories> make_directories(const PluginCase& golden);

/// What local services of a case stand on: nothing is left of an earlier run. Errors: this program
/// is not to be found.
Result<LocalRun> local_run_of(const plugin_host::Bundle& bundle, const CaseDirectories& directories,
                              const plugin_host::BoxSpec& spec, CaseTranscript& transcript);

/// The job of a case, whose facts `spec` has then, and whose values of earlier runs lie in
/// `directories`; none where no file gives it. Errors: UserFault with the place in the file.
Result<std::optional<CaseJob>> take_job(const PluginCase& golden, const std::string& plugin,
                                        const CaseDirectories& directories,
                                        plugin_host::BoxSpec& spec);

struct CaseEnd {
  plugin_host::BoxVerdict verdict;
  bool is_late = false;  ///< it was ended when its time was over
};
/// Runs the box in `context`, and ends what its services have under way.
Result<CaseEnd> run_box_of_case(boost::asio::io_context& context, plugin_host::BoxSpec spec,
                                CaseStepServices& services, CaseTranscript& transcript,
                                std::chrono::seconds limit);

}  // namespace ostler::cli
