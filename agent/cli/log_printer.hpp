// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "cli/hub_client.hpp"
#include "console/log_lines.hpp"
#include "console/terminal.hpp"
#include "net/server_events.hpp"

namespace ostler::cli {

/// Prints logs of jobs to standard output, a piece at a time: memory does not grow with a log.
/// Once the pipe behind standard output is closed it prints nothing and asks for nothing more.
class LogPrinter {
 public:
  LogPrinter() : lines_(terminal_.has_colours()) {}

  void print_title(std::string_view title);
  /// Errors: those of the hub's client; standard output that cannot be written, unless it is
  /// closed.
  Result<void> print(HubClient& hub, const std::string& job);
  /// The same, and what comes to it until it is complete. Errors: also UserFault when the server
  /// streams no logs.
  Result<void> follow(HubClient& hub, const std::string& job);

 private:
  Result<void> take(std::string_view bytes);
  Result<void> take(const std::vector<net::ServerEvent>& events);
  Result<void> finish();
  void append(std::string_view line);
  Result<void> write_out();

  console::Terminal terminal_ = console::Terminal::of_standard_output();
  console::LogLines lines_;
  std::string pending_;
  bool is_closed_ = false;
};

}  // namespace ostler::cli
