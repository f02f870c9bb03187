// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "plugin_host/step_services.hpp"

namespace ostler::plugin_host {

/// What a cancel of the job does to a call.
enum class AtCancel {
  Ends,        ///< it is answered at once, though what was asked for may go on; later it is refused
  EndsItself,  ///< who works for it ends it, and answers then; later it is refused
  Works        ///< nothing: it ends something
};

/// Calls of one plugin that have begun and whose answers it has not taken. Runs on: one thread.
class OpenCalls {
 public:
  using Answer = std::function<void(std::uint32_t id, Result<std::string>)>;

  /// `answer` sends one to the plugin, once for every call, until end(); it or what it began then
  /// calls finish().
  explicit OpenCalls(Answer answer);

  /// What the answer to the call is given to; this need not live then.
  /// Errors: Cancelled; Unavailable when 32 are open (of those that end something: 64); Protocol
  /// when one of that id is.
  Result<CallDone> begin(std::uint32_t id, AtCancel at_cancel = AtCancel::Ends);

  /// The answer is written: the plugin may have another call in its place.
  void finish(std::uint32_t id);

  /// Answers those that end by it, and refuses others until begin_cleanup().
  void cancel();
  void begin_cleanup();
  /// Nobody is there any more to be answered, or to begin.
  void end();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace ostler::plugin_host
