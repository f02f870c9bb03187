// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/box_talk.hpp"

#include <algorithm>
#include <utility>

#include "plugin_host/step_result.hpp"
#include "supervise/box_message.hpp"

namespace ostler::plugin_host {
namespace {

// At these a box cuts what a plugin has said of its progress.
constexpr std::size_t kBoxCutsPhaseAt = 256;
constexpr std::size_t kBoxCutsProgressAt = 1024;

}  // namespace

Result<void> BoxTalk::take_log(const supervise::Frame& frame) {
  OSTLER_TRY(const auto said, supervise::decode<supervise::BoxLog>(frame));
  const auto most = static_cast<std::int32_t>(Severity::PluginMisbehaving);
  told_ += said.text;
  told_as_ = static_cast<Severity>(std::clamp(said.severity, 0, most));
  if (said.is_end == 0 && told_.size() < supervise::kLongestFromBox) return success();
  log_.message(told_as_, std::exchange(told_, {}));
  return success();
}

Result<void> BoxTalk::take_group(const supervise::Frame& frame) {
  OSTLER_TRY(const auto said, supervise::decode<supervise::BoxGroup>(frame));
  const auto most = static_cast<std::int32_t>(GroupStyle::Muted);
  log_.group(static_cast<GroupStyle>(std::clamp(said.style, 0, most)), said.title);
  return success();
}

/// Of what loses a part secrets go first: half of one is not found.
void BoxTalk::keep_line(std::string& text, std::size_t cut_at) {
  const bool is_cut = text.size() >= cut_at;
  std::string line = text;
  if (keep_first_line(line) || is_cut) {
    line = log_.without_secrets(text, is_cut);
    keep_first_line(line);
  }
  text = std::move(line);
}

Result<void> BoxTalk::take_progress(const supervise::Frame& frame) {
  OSTLER_TRY(auto said, supervise::decode<supervise::BoxProgress>(frame));
  keep_line(said.phase, kBoxCutsPhaseAt);
  keep_line(said.message, kBoxCutsProgressAt);
  log_.progress({.done = std::clamp(said.done, 0, 10'000),
                 .attempt = std::max(said.attempt, 0),
                 .phase = said.phase,
                 .message = said.message});
  return success();
}

Result<bool> BoxTalk::take(const supervise::Frame& frame) {
  if (frame.type == supervise::BoxLog::kType) {
    OSTLER_TRY(take_log(frame));
  } else if (frame.type == supervise::BoxGroup::kType) {
    OSTLER_TRY(take_group(frame));
  } else if (frame.type == supervise::BoxProgress::kType) {
    OSTLER_TRY(take_progress(frame));
  } else {
    return false;
  }
  return true;
}

void BoxTalk::finish() {
  if (!told_.empty()) log_.message(told_as_, std::exchange(told_, {}));
}

}  // namespace ostler::plugin_host
