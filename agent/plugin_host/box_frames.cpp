// SPDX-License-Identifier: Apache-2.0
// What a box says, and whether it may say it now.
#include <signal.h>

#include "plugin_host/box_run_state.hpp"
#include "plugin_host/box_start.hpp"
#include "plugin_host/service_answer.hpp"

namespace ostler::plugin_host {

using supervise::Frame;

namespace {

// At these a box, or the SDK, cuts what a plugin has said.
constexpr std::size_t kBoxCutsMessageAt = 64 << 10;
constexpr std::size_t kBoxCutsReasonAt = 4095;

constexpr std::size_t kMostCallers = 16;  // of a crash

StepResult looked_at() { return {.outcome = Outcome::Passed, .exit_status = 0}; }

Error out_of_place(const Frame& frame) {
  return Error(Errc::Protocol, "a message of type " +
                                   std::to_string(static_cast<unsigned>(frame.type)) +
                                   " came out of place");
}

/// Threads crash at once, and each tells of its own.
bool is_one(const supervise::BoxCrash& crash, const supervise::BoxCrash& other) {
  return crash.signal == other.signal && crash.address == other.address &&
         crash.module == other.module && crash.offset == other.offset;
}

/// Of what is shown elsewhere by its first line.
void tell_whole(const std::string& text, StepLog& log) {
  std::string shown = text;
  if (keep_first_line(shown)) log.message(Severity::Info, text);
}

}  // namespace

Result<void> BoxRun::State::take(const Frame& frame) {
  if (frame.type == supervise::BoxFault::kType) return take_fault(frame);
  if (frame.type == supervise::BoxConfined::kType) return take_confined(frame);
  if (frame.type == supervise::BoxMapped::kType) return take_mapped(frame);
  if (frame.type == supervise::BoxCrash::kType) return take_crash(frame);
  if (stage == Stage::Over) return success();
  if (stage != Stage::Running) return out_of_place(frame);
  OSTLER_TRY(const bool is_talk, talk.take(frame));
  if (is_talk) return success();
  if (frame.type == supervise::BoxAsk::kType) return take_ask(frame);
  if (frame.type == supervise::BoxResult::kType) return take_result(frame);
  if (frame.type == supervise::BoxReturned::kType) return take_returned(frame);
  if (frame.type == supervise::BoxEnded::kType) return take_ended(frame);
  if (frame.type == supervise::BoxCleanup::kType) {
    calls.begin_cleanup();
    return success();
  }
  return out_of_place(frame);
}

Result<void> BoxRun::State::take_confined(const Frame& frame) {
  if (stage != Stage::Started) return out_of_place(frame);
  OSTLER_TRY(const auto said, supervise::decode<supervise::BoxConfined>(frame));
  const bool system_calls = (said.measures & supervise::BoxConfined::kSystemCalls) != 0;
  if (!system_calls) return Error(Errc::Protocol, "it is not confined");
  log.confined({.system_calls = true,
                .files = (said.measures & supervise::BoxConfined::kFiles) != 0,
                .signals = (said.measures & supervise::BoxConfined::kScopes) != 0,
                .network = spec.network,
                .commands = spec.commands ? spec.commands->profile : CommandProfile::None});
  stage = Stage::Confined;
  return success();
}

Result<void> BoxRun::State::take_mapped(const Frame& frame) {
  if (stage != Stage::Confined) return out_of_place(frame);
  meter->look();  // it waits for its Go
  OSTLER_TRY(const auto said, supervise::decode<supervise::BoxMapped>(frame));
  const bool may_be_any = spec.only_look && spec.id.empty();
  if (!may_be_any && (said.id != spec.id || said.version != spec.version)) {
    end_stage();
    evidence.refusal = "its manifest says " + spec.id + "#" + spec.version + ", the library says " +
                       said.id + "#" + said.version + "; build both from one source";
    child->signal_group(SIGKILL);
    return success();
  }
  if (spec.only_look && spec.is_program) return end_after_mapping();
  if (spec.only_look) evidence.result = looked_at();
  stage = Stage::Running;
  channel->post(go_message(spec));
  if (deadline) send_cancel();
  return success();
}

/// Its end is ours to choose: a program has no step to make.
Result<void> BoxRun::State::end_after_mapping() {
  end_stage();
  evidence.ended.emplace();
  evidence.result = looked_at();
  channel->close();
  return success();
}

Result<void> BoxRun::State::take_ask(const Frame& frame) {
  OSTLER_TRY(auto said, supervise::decode<supervise::BoxAsk>(frame));
  OSTLER_TRY(answer, calls.take(std::move(said), *channel));
  return success();
}

Result<void> BoxRun::State::take_result(const Frame& frame) {
  meter->look();  // it waits for the answer
  OSTLER_TRY(auto said, supervise::decode<supervise::BoxResult>(frame));
  for (std::string* text : {&said.message, &said.hint}) {
    *text = log.without_secrets(*text, text->size() >= kBoxCutsMessageAt);
    tell_whole(*text, log);
  }
  auto result = read_result(said);
  if (result) {
    evidence.result = std::move(result).value();
    answer = {said.id, 0, ""};
  } else {
    answer = service_answer(said.id, result.error());
  }
  return success();
}

Result<void> BoxRun::State::take_returned(const Frame& frame) {
  OSTLER_TRY(auto said, supervise::decode<supervise::BoxReturned>(frame));
  returned = {said.status, std::move(said.reason)};
  has_returned.set();
  return success();
}

Result<void> BoxRun::State::take_ended(const Frame& frame) {
  meter->look();
  OSTLER_TRY(auto said, supervise::decode<supervise::BoxEnded>(frame));
  conclude(std::move(said));
  return success();
}

void BoxRun::State::conclude(supervise::BoxEnded said) {
  said.reason = log.without_secrets(said.reason, said.reason.size() >= kBoxCutsReasonAt);
  if (said.status != 0) tell_whole(said.reason, log);
  evidence.ended = std::move(said);
  end_stage();
}

Result<void> BoxRun::State::take_fault(const Frame& frame) {
  if (stage == Stage::Over) return success();
  OSTLER_TRY(const auto said, supervise::decode<supervise::BoxFault>(frame));
  const bool is_breach = stage == Stage::Running && said.reason.starts_with(kThreadCheckId);
  (is_breach ? evidence.breach : evidence.refusal) =
      said.reason.empty() ? "it cannot be run" : said.reason;
  end_stage();
  return success();
}

Result<void> BoxRun::State::take_crash(const Frame& frame) {
  meter->look();
  OSTLER_TRY(auto said, supervise::decode<supervise::BoxCrash>(frame));
  const std::uint64_t caller = said.caller;
  if (!evidence.crash) {
    evidence.crash = std::move(said);
  } else if (!is_one(said, *evidence.crash)) {
    return success();
  }
  if (caller != 0 && evidence.callers.size() < kMostCallers) evidence.callers.push_back(caller);
  return success();
}

}  // namespace ostler::plugin_host
