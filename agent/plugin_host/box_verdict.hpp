// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plugin_host/box_run.hpp"
#include "process/exit_status.hpp"

namespace ostler::plugin_host {

/// What is known of a run when its process has ended.
struct BoxEvidence {
  std::string library;
  bool is_program = false;                   ///< it is executed, not mapped
  std::string refusal;                       ///< why it was not run
  std::string breach;                        ///< which rule of abi.h on threads it broke
  std::string violation;                     ///< what of its bytes the protocol does not allow
  std::string killed_for;                    ///< why we killed it
  bool is_cancelled = false;                 ///< the job was
  std::optional<supervise::BoxCrash> crash;  ///< the first that its handler said
  std::vector<std::uint64_t> callers;        ///< of the plugin, that led to it; the nearest first
  std::string symbol;                        ///< of the plugin or its library, that it crashed in
  std::string caller_symbol;                 ///< of the plugin, that called what crashed
  std::optional<supervise::BoxEnded> ended;  ///< its last function returned
  bool is_cut_off = false;                   ///< or we ended the process in destroy()
  std::optional<StepResult> result;          ///< that it set
};

/// Whatever the box has said, the status of its process decides whether it crashed.
BoxVerdict judge(const BoxEvidence& evidence, const process::ExitStatus& status);

}  // namespace ostler::plugin_host
