// SPDX-License-Identifier: Apache-2.0
#include "cli/build_events.hpp"

#include <cerrno>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "cli/command.hpp"
#include "cli/exit.hpp"
#include "cli/hub_streams.hpp"
#include "console/standard_output.hpp"
#include "wire/rest_event_answers.hpp"

namespace ostler::cli {
namespace {

class EventPrinter {
 public:
  /// Why it left the stream.
  enum class Left : std::uint8_t { No, Unread, MaybeBlocked };

  explicit EventPrinter(WatchUntil until) : until_(until) {}

  /// Errors: Cancelled when it leaves the stream.
  Result<void> take(const std::vector<net::ServerEvent>& events) {
    std::string state;
    for (const net::ServerEvent& event : events) {
      OSTLER_TRY(print(event.data));
      if (!event.id.empty()) last_id_ = event.id;
      OSTLER_TRY(auto told, wire::decode_rest_event(event.data));
      if (!told.build_state.empty()) state = std::move(told.build_state);
    }
    if (!state.empty()) state_ = state;
    // The events tell of blocks, too, that were opened long ago.
    const bool is_enough = state == "blocked" && until_ == WatchUntil::Blocked;
    if (is_enough) return leave(Left::MaybeBlocked);
    return success();
  }
  Left left() const { return left_; }
  void come_back() { left_ = Left::No; }
  /// Of the last event that is printed.
  const std::string& last_id() const { return last_id_; }
  int status() const { return state_ == "passed" ? kExitOk : kExitFailed; }

 private:
  Result<void> print(const std::string& json) {
    auto written = console::write_line(json);
    if (written) return written;
    if (written.error().native() == EPIPE) return leave(Left::Unread);
    return std::move(written).error().with_context("standard output");
  }

  Error leave(Left why) {
    left_ = why;
    return Error(Errc::Cancelled, "what it tells is not wanted now");
  }

  WatchUntil until_;
  std::string state_;
  std::string last_id_;
  Left left_ = Left::No;
};

/// What the end of the stream means.
Result<int> verdict(const Result<bool>& followed, const EventPrinter& printer) {
  OSTLER_TRY(const bool has_stream, followed);
  if (has_stream) return printer.status();
  return Error(Errc::UserFault,
               "this server tells no events of builds; without --json it is asked again and again");
}

Result<bool> is_blocked_now(const HubClient& hub, const std::string& path) {
  OSTLER_TRY(const auto answer, wait_for_answer(hub, path + "?exclude_pipeline=true", remark_away));
  OSTLER_TRY(const auto build, wire::decode_rest_build(answer.body));
  return build.state == "blocked";
}

}  // namespace

Result<int> print_build_events(HubClient& hub, const wire::RestBuildAnswer& build,
                               WatchUntil until) {
  const std::string path =
      "/pipelines/" + build.pipeline + "/builds/" + std::to_string(build.number);
  EventPrinter printer(until);
  for (;;) {
    const auto followed = follow_stream(
        hub,
        {.path = path + "/events",
         .last_id = printer.last_id(),
         .take = [&](const std::vector<net::ServerEvent>& events) { return printer.take(events); },
         .away = remark_away});
    if (printer.left() == EventPrinter::Left::Unread) return kExitOk;
    if (printer.left() == EventPrinter::Left::No) return verdict(followed, printer);
    OSTLER_TRY(const bool is_blocked, is_blocked_now(hub, path));
    if (is_blocked) return kExitBlocked;
    printer.come_back();
  }
}

}  // namespace ostler::cli
