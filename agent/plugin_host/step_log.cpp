// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/step_log.hpp"

#include <array>
#include <cstdio>

namespace ostler::plugin_host {

namespace {

class PassedOn final : public StepStream {
 public:
  explicit PassedOn(StepLog& log) : log_(log) {}
  void write(std::string_view bytes) override { log_.output(bytes); }

 private:
  StepLog& log_;
};

std::string_view programs_text(CommandProfile profile) {
  switch (profile) {
    case CommandProfile::None: return ", no programs";
    case CommandProfile::Host:
      return ", programs outside the box, which run as a hook does, with all rights of the agent's "
             "user";
    case CommandProfile::Workspace:
      return ", programs outside the box, which Landlock and seccomp hold to the workspace, the "
             "scratch directory and the programs of the system (not stopped: modes, owners and "
             "times of other files of the agent's user)";
  }
  return "";
}

}  // namespace

std::string StepLog::without_secrets(std::string_view text, bool) { return std::string(text); }

std::unique_ptr<StepStream> StepLog::program_output() { return std::make_unique<PassedOn>(*this); }

std::string_view prefix_of(GroupStyle style) {
  switch (style) {
    case GroupStyle::Collapsed: return "--- ";
    case GroupStyle::Expanded: return "+++ ";
    case GroupStyle::Muted: return "~~~ ";
  }
  return "--- ";
}

std::string describe(const Progress& progress) {
  std::array<char, 32> share{};
  std::snprintf(share.data(), share.size(), "[%3d.%02d %%]", progress.done / 100,
                progress.done % 100);
  std::string text = share.data();
  if (!progress.phase.empty()) text += " " + progress.phase;
  if (progress.attempt > 1) text += ", attempt " + std::to_string(progress.attempt);
  if (!progress.message.empty()) text += ": " + progress.message;
  return text;
}

std::string describe(const Confinement& confinement) {
  const std::string network = confinement.network ? "any host of the network" : "no network";
  const std::string programs(programs_text(confinement.commands));
  if (confinement.files) {
    return "confined by Landlock and seccomp: the files that its manifest names, " + network +
           programs +
           "; not stopped: use of CPU and memory, files of the workspace that later "
           "steps trust" +
           (confinement.signals ? "" : ", signals to processes of the agent's user");
  }
  return "confined by seccomp alone, for this kernel has no Landlock: " + network + programs +
         "; not stopped: reading and writing every file of the agent's user, signals "
         "to its processes";
}

}  // namespace ostler::plugin_host
