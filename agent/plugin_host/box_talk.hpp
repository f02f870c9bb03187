// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.hpp"
#include "plugin_host/step_log.hpp"
#include "supervise/codec.hpp"

namespace ostler::plugin_host {

/// What a box says without an answer: messages, groups, progress. Puts long messages together again
/// and brings numbers into their range.
class BoxTalk {
 public:
  /// Requires: `log` outlives it.
  explicit BoxTalk(StepLog& log) : log_(log) {}

  /// Whether the frame was such talk. Errors: Protocol.
  Result<bool> take(const supervise::Frame& frame);
  /// The box is gone: says the message in the midst of which it went.
  void finish();

 private:
  Result<void> take_log(const supervise::Frame& frame);
  Result<void> take_group(const supervise::Frame& frame);
  Result<void> take_progress(const supervise::Frame& frame);
  void keep_line(std::string& text, std::size_t cut_at);

  StepLog& log_;
  std::string told_;    ///< of a message in pieces
  Severity told_as_{};  ///< its severity
};

}  // namespace ostler::plugin_host
