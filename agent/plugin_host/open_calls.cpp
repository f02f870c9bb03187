// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/open_calls.hpp"

#include <map>
#include <utility>

namespace ostler::plugin_host {
namespace {

// With as many from before a cancel half of what a job may have the server asked at once.
constexpr std::size_t kMostOpen = 32;
constexpr std::size_t kMostThatEnd = 64;  // with those: one that frees something is not held up

Error call_cancelled() { return Error(Errc::Cancelled, "the job was cancelled"); }

}  // namespace

struct OpenCalls::State {
  struct Call {
    std::uint64_t serial = 0;  ///< a number that a later call may have again does not do
    AtCancel at_cancel = AtCancel::Ends;
    bool is_answered = false;  ///< the answer is on its way
  };

  Answer answer;
  std::map<std::uint32_t, Call> open = {};
  std::uint64_t last_serial = 0;
  bool is_cancelled = false;  ///< and not cleaning up
  bool is_over = false;

  void tell(std::uint32_t id, std::uint64_t serial, Result<std::string> found) {
    const auto call = open.find(id);
    if (is_over || call == open.end()) return;
    if (call->second.serial != serial || call->second.is_answered) return;
    call->second.is_answered = true;
    answer(id, std::move(found));
  }
};

OpenCalls::OpenCalls(Answer answer) : state_(std::make_shared<State>(std::move(answer))) {}

Result<CallDone> OpenCalls::begin(std::uint32_t id, AtCancel at_cancel) {
  const bool works = at_cancel == AtCancel::Works;
  if (state_->is_over || (state_->is_cancelled && !works)) return call_cancelled();
  if (state_->open.size() >= (works ? kMostThatEnd : kMostOpen)) {
    return Error(Errc::Unavailable, "32 calls of the plugin wait already");
  }
  const std::uint64_t serial = ++state_->last_serial;
  if (!state_->open.emplace(id, State::Call{serial, at_cancel}).second) {
    return Error(Errc::Protocol, "two calls with the number " + std::to_string(id));
  }
  return CallDone([state = state_, id, serial](Result<std::string> found) {
    state->tell(id, serial, std::move(found));
  });
}

void OpenCalls::finish(std::uint32_t id) { state_->open.erase(id); }

void OpenCalls::cancel() {
  state_->is_cancelled = true;
  const auto open = state_->open;
  for (const auto& [id, call] : open) {
    if (call.at_cancel == AtCancel::Ends) state_->tell(id, call.serial, call_cancelled());
  }
}

void OpenCalls::begin_cleanup() { state_->is_cancelled = false; }

void OpenCalls::end() {
  state_->is_over = true;
  state_->open.clear();
}

}  // namespace ostler::plugin_host
