// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/open_calls.hpp"

#include <set>
#include <utility>

namespace ostler::plugin_host {
namespace {

constexpr std::size_t kMostOpen = 64;

Error call_cancelled() { return Error(Errc::Cancelled, "the job was cancelled"); }

}  // namespace

struct OpenCalls::State {
  Answer answer;
  std::set<std::uint32_t> open = {};
  bool is_refusing = false;
};

OpenCalls::OpenCalls(Answer answer) : state_(std::make_shared<State>(std::move(answer))) {}

Result<CallDone> OpenCalls::begin(std::uint32_t id) {
  if (state_->is_refusing) return call_cancelled();
  if (state_->open.size() == kMostOpen) {
    return Error(Errc::Unavailable, "64 calls of the plugin wait already");
  }
  if (!state_->open.insert(id).second) {
    return Error(Errc::Protocol, "two calls with the number " + std::to_string(id));
  }
  return CallDone([state = state_, id](Result<std::string> found) {
    if (state->open.erase(id) != 0) state->answer(id, std::move(found));
  });
}

void OpenCalls::cancel() {
  state_->is_refusing = true;
  for (const std::uint32_t id : std::exchange(state_->open, {})) {
    state_->answer(id, call_cancelled());
  }
}

void OpenCalls::begin_cleanup() { state_->is_refusing = false; }

void OpenCalls::end() {
  state_->is_refusing = true;
  state_->open.clear();
}

}  // namespace ostler::plugin_host
