// SPDX-License-Identifier: Apache-2.0
#include "cli/log_printer.hpp"

#include <unistd.h>

#include <cerrno>
#include <utility>

#include "cli/hub_streams.hpp"
#include "console/log_marks.hpp"
#include "files/file.hpp"
#include "wire/rest_event_answers.hpp"

namespace ostler::cli {

void LogPrinter::print_title(std::string_view title) {
  if (!is_closed_) terminal_.print_line(terminal_.styled(title, console::Style::Bold));
}

Result<void> LogPrinter::print(HubClient& hub, const std::string& job) {
  if (is_closed_) return success();
  auto done = hub.stream_log(job, [this](std::string_view bytes) { return take(bytes); });
  if (is_closed_) return success();
  if (!done) return done;
  return finish();
}

Result<void> LogPrinter::follow(HubClient& hub, const std::string& job) {
  const auto followed = follow_stream(
      hub, {.path = "/jobs/" + job + "/log/stream",
            .last_id = "",
            .take = [this](const std::vector<net::ServerEvent>& events) { return take(events); },
            .away = remark_away});
  if (is_closed_) return success();
  OSTLER_TRY(const bool has_stream, followed);
  if (has_stream) return finish();
  return Error(Errc::UserFault,
               "this server's logs cannot be followed; without --follow there is what it has now");
}

Result<void> LogPrinter::finish() {
  if (const std::string rest = lines_.finish(); !rest.empty()) append(rest);
  auto written = write_out();
  return is_closed_ ? success() : written;
}

Result<void> LogPrinter::take(const std::vector<net::ServerEvent>& events) {
  for (const net::ServerEvent& event : events) {
    if (event.name != "log") continue;
    OSTLER_TRY(const auto piece, wire::decode_rest_log_event(event.data));
    OSTLER_TRY(take(piece.text));
    if (is_closed_) return Error(Errc::Cancelled, "nobody reads");
  }
  return success();
}

Result<void> LogPrinter::take(std::string_view bytes) {
  for (const std::string& line : lines_.feed(bytes)) append(line);
  return write_out();
}

void LogPrinter::append(std::string_view line) {
  if (console::opens_section(line)) return;
  pending_ += terminal_.styled(line, console::style_of_line(line)) + "\n";
}

Result<void> LogPrinter::write_out() {
  auto written = files::write_all(STDOUT_FILENO, pending_);
  pending_.clear();
  is_closed_ = !written && written.error().native() == EPIPE;
  if (written) return written;
  return std::move(written).error().with_context("standard output");
}

}  // namespace ostler::cli
