// SPDX-License-Identifier: Apache-2.0
#include "cli/log_printer.hpp"

#include <unistd.h>

#include <cerrno>
#include <utility>

#include "console/log_marks.hpp"
#include "files/file.hpp"

namespace ostler::cli {

void LogPrinter::print_title(std::string_view title) {
  if (!is_closed_) terminal_.print_line(terminal_.styled(title, console::Style::Bold));
}

Result<void> LogPrinter::print(HubClient& hub, const std::string& job) {
  if (is_closed_) return success();
  auto done = hub.stream_log(job, [this](std::string_view bytes) { return take(bytes); });
  if (is_closed_) return success();
  if (!done) return done;
  if (const std::string rest = lines_.finish(); !rest.empty()) append(rest);
  auto written = write_out();
  return is_closed_ ? success() : written;
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
