// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "support/agent_process.hpp"
#include "support/child_program.hpp"
#include "support/hub_process.hpp"
#include "support/scripted_server.hpp"
#include "support/temp_directory.hpp"

namespace ostler::support {

/// Where the examples of help pages are at home: a hub, seven agents box-1 to box-7, the pipeline
/// app, and a person in a checkout of it with the files and programs that the examples name.
class HelpHouse {
 public:
  HelpHouse();
  ~HelpHouse();
  HelpHouse(const HelpHouse&) = delete;
  HelpHouse& operator=(const HelpHouse&) = delete;

  /// Makes a build of app in that state, unless the newest one is: it is what examples call 42.
  void have_build(const std::string& state);
  /// Ends the agents, unless they have ended, and starts them again.
  void renew_agent();
  /// From now on examples run inside a job, which waits meanwhile.
  void enter_job();

  /// Makes the plugin greet in the checkout.
  void make_plugins();
  /// Installs it and publishes it on the hub, where it is not yet.
  void have_plugin() const;
  /// Starts the service web, by a build.
  void start_service();

  ProgramResult shell(const std::string& line) const;
  /// Runs an example as it stands, but for names of this house in place of those in it. One that
  /// runs until it is told to end is told so once it is up.
  ProgramResult run_example(const std::string& example) const;
  /// Whether a page says that its example may end so.
  static bool may_end_with(const std::string& example, const std::string& page, ExitCode code);

 private:
  std::filesystem::path checkout() const { return directory_ / "checkout"; }
  std::string script(const std::string& line) const;
  std::string with_names(std::string example) const;
  ProgramResult run_until_up(const std::string& line, const std::string& sign) const;
  ProgramOptions options() const;
  void make_repository() const;

  const TempDirectory directory_;
  ScriptedServer files_;  ///< has every file of the checkout
  HubProcess hub_;
  AgentProcess agent_;
  int number_ = 0;          ///< of the newest build of app
  std::string job_;         ///< its first job
  std::string in_the_job_;  ///< commands that make a shell one of the job's; empty: of the person's
};

}  // namespace ostler::support
