// SPDX-License-Identifier: Apache-2.0
#include "cli/build_events.hpp"

#include <unistd.h>

#include <cerrno>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "cli/exit.hpp"
#include "cli/hub_streams.hpp"
#include "files/file.hpp"
#include "wire/rest_event_answers.hpp"

namespace ostler::cli {
namespace {

class EventPrinter {
 public:
  EventPrinter(HubClient& hub, const wire::RestBuildAnswer& build, WatchUntil until)
      : hub_(hub), build_(build), until_(until) {}

  /// Errors: Cancelled when enough is printed.
  Result<void> take(const std::vector<net::ServerEvent>& events) {
    for (const net::ServerEvent& event : events) {
      OSTLER_TRY(print(event.data));
      OSTLER_TRY(const auto told, wire::decode_rest_event(event.data));
      if (!told.build_state.empty()) {
        OSTLER_TRY(take_state(told.build_state));
      }
    }
    return success();
  }
  bool has_enough() const { return has_enough_; }
  int status() const {
    if (state_ == "blocked") return kExitBlocked;
    return state_ == "passed" || is_unread_ ? kExitOk : kExitFailed;
  }

 private:
  Result<void> print(const std::string& json) {
    auto written = files::write_all(STDOUT_FILENO, json + "\n");
    if (written) return written;
    is_unread_ = written.error().native() == EPIPE;
    if (is_unread_) return enough();
    return std::move(written).error().with_context("standard output");
  }

  /// The events tell of blocks, too, that were opened long ago.
  Result<void> take_state(const std::string& state) {
    state_ = state;
    if (state != "blocked" || until_ != WatchUntil::Blocked) return success();
    OSTLER_TRY(const auto now, hub_.build(build_.pipeline, build_.number));
    return now.state == "blocked" ? enough() : success();
  }

  Result<void> enough() {
    has_enough_ = true;
    return Error(Errc::Cancelled, "enough is printed");
  }

  HubClient& hub_;
  const wire::RestBuildAnswer& build_;
  WatchUntil until_;
  std::string state_;
  bool has_enough_ = false;
  bool is_unread_ = false;
};

}  // namespace

Result<int> print_build_events(HubClient& hub, const wire::RestBuildAnswer& build,
                               WatchUntil until) {
  EventPrinter printer(hub, build, until);
  const auto followed = follow_stream(
      hub,
      {.path =
           "/pipelines/" + build.pipeline + "/builds/" + std::to_string(build.number) + "/events",
       .last_id = "",
       .take = [&](const std::vector<net::ServerEvent>& events) { return printer.take(events); },
       .away = [] { remark("ostler: the hub does not answer; waiting for it"); }});
  if (printer.has_enough()) return printer.status();
  OSTLER_TRY(const bool has_stream, followed);
  if (has_stream) return printer.status();
  return Error(Errc::UserFault,
               "this server tells no events of builds; without --json it is asked again and again");
}

}  // namespace ostler::cli
