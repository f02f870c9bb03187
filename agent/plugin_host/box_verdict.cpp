// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/box_verdict.hpp"

#include <array>
#include <csignal>
#include <cstdio>
#include <iterator>

#include "process/signal_name.hpp"

namespace ostler::plugin_host {
namespace {

constexpr std::int32_t kStatusOk = 0;
constexpr std::int32_t kStatusCancelled = 1;
constexpr std::int32_t kStatusTimeout = 2;
constexpr std::int32_t kStatusUnavailable = 6;

StepResult error_result(std::string reason, std::string message, std::string hint = {}) {
  return {.outcome = Outcome::Error,
          .reason = std::move(reason),
          .message = std::move(message),
          .hint = std::move(hint)};
}

std::string hex(std::uint64_t number) {
  std::array<char, 20> text{};
  std::snprintf(text.data(), text.size(), "0x%llx", static_cast<unsigned long long>(number));
  return text.data();
}

std::string inside(const std::string& symbol) { return symbol.empty() ? "" : " in " + symbol; }

/// " at deploy.so+0x1100 in deploy_run (build-id ab12)".
std::string place_of(const BoxEvidence& evidence) {
  const supervise::BoxCrash& crash = *evidence.crash;
  std::string text = " at " + (crash.module.empty() ? "" : crash.module + "+") + hex(crash.offset);
  if (crash.module.empty()) text += ", which is in no library";
  text += inside(evidence.symbol);
  if (!crash.build_id.empty()) text += " (build-id " + crash.build_id + ")";
  if (crash.caller != 0) {
    text += ", called from " + evidence.library + "+" + hex(crash.caller) +
            inside(evidence.caller_symbol);
  }
  if (crash.signal == SIGSEGV || crash.signal == SIGBUS) text += ", address " + hex(crash.address);
  return text;
}

/// The signal that ended the process may be another than that of the crash which was told: whoever
/// looks for the plugin on a broken stack may crash there.
std::string crash_text(const BoxEvidence& evidence, int signal) {
  const int first = evidence.crash ? evidence.crash->signal : signal;
  std::string text = "the plugin crashed: " + process::signal_name(first);
  if (evidence.crash) text += place_of(evidence);
  if (first != signal) text += ", then " + process::signal_name(signal);
  if (signal == SIGKILL) text += ", from outside; perhaps memory ran out";
  return text;
}

/// Of an ostler_status_t that run() or init() returned.
std::string_view reason_of(std::int32_t status) {
  constexpr std::string_view kReasons[] = {"ok",          "cancelled", "timeout",
                                           "not_found",   "denied",    "conflict",
                                           "unavailable", "invalid",   "failed"};
  const bool is_known = status > 0 && status < static_cast<std::int32_t>(std::size(kReasons));
  return is_known ? kReasons[status] : "failed";
}

StepResult finished_result(const BoxEvidence& evidence) {
  const supervise::BoxEnded& ended = *evidence.ended;
  if (ended.status == kStatusOk && evidence.result) return *evidence.result;
  if (ended.status == kStatusOk) {
    return error_result("no_result", "run() returned OSTLER_OK without a result");
  }
  const std::string why =
      ended.reason.empty() ? "run() returned status " + std::to_string(ended.status) : ended.reason;
  StepResult result = error_result(std::string(reason_of(ended.status)), why);
  if (ended.status == kStatusCancelled) result.outcome = Outcome::Cancelled;
  result.is_retryable = ended.status == kStatusTimeout || ended.status == kStatusUnavailable;
  return result;
}

StepResult left_result(const process::Exited& exited, bool is_program) {
  return error_result(
      "plugin_exited",
      "the plugin ended its process with exit status " + std::to_string(exited.code) +
          ", without a result",
      is_program ? "a program says Ended before it exits; its output may say why it did not"
                 : "a step ends by returning from run(); look for exit() in it and its libraries");
}

StepResult killed_result(const BoxEvidence& evidence) {
  StepResult result = error_result("plugin_killed", evidence.killed_for);
  if (evidence.is_cancelled) result.outcome = Outcome::Cancelled;
  return result;
}

}  // namespace

BoxVerdict judge(const BoxEvidence& evidence, const process::ExitStatus& status) {
  if (!evidence.refusal.empty()) {
    return {BoxEnd::Refused, error_result("plugin_refused", evidence.refusal)};
  }
  if (!evidence.breach.empty()) {
    return {BoxEnd::Broken,
            error_result("plugin_broke_thread_rule", evidence.breach,
                         "ostler/abi.h says from where each function may be called")};
  }
  if (!evidence.violation.empty()) {
    return {BoxEnd::Broken, error_result("plugin_broke_protocol",
                                         "the plugin's process was killed: " + evidence.violation)};
  }
  if (evidence.is_cut_off) return {BoxEnd::Finished, finished_result(evidence)};
  if (!evidence.killed_for.empty()) return {BoxEnd::Killed, killed_result(evidence)};
  if (const auto* signalled = std::get_if<process::Signalled>(&status)) {
    return {BoxEnd::Crashed,
            error_result("plugin_crashed", crash_text(evidence, signalled->signal)),
            signalled->signal};
  }
  if (evidence.ended) return {BoxEnd::Finished, finished_result(evidence)};
  return {BoxEnd::Left, left_result(std::get<process::Exited>(status), evidence.is_program)};
}

}  // namespace ostler::plugin_host
