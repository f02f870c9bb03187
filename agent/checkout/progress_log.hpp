// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "checkout/interrupter.hpp"
#include "git/watcher.hpp"

namespace ostler::checkout {

/// Writes a job's log to a descriptor, as it comes.
class JobLog {
 public:
  explicit JobLog(int fd) : fd_(fd) {}
  void section(std::string_view title);
  void comment(std::string_view text);
  void change_directory(const std::string& directory);
  void warning(std::string_view text);
  void error(std::string_view text);
  void line(std::string_view text);

 private:
  int fd_;
};

/// Shows a fetch or checkout in the job's log, a line a second at most, and stops it when the
/// interrupter says so.
class ProgressLog final : public git::Watcher {
 public:
  ProgressLog(JobLog& log, Interrupter& interrupter) : log_(log), interrupter_(interrupter) {}

  bool keep_going() override { return interrupter_.stop() == Stop::No; }
  void on_transfer(const git::Transfer& transfer) override;
  void on_remote_text(std::string_view text) override;
  void on_connection_text(std::string_view text) override;
  void on_files(std::size_t done, std::size_t total) override;
  /// Ends the output of one operation with what has not been shown yet.
  void finish();

 private:
  bool is_time();
  void show_transfer();

  JobLog& log_;
  Interrupter& interrupter_;
  git::Transfer transfer_;
  std::string remote_line_;
  std::string connection_line_;
  std::chrono::steady_clock::time_point shown_ = std::chrono::steady_clock::now();
  bool anything_received_ = false;
};

}  // namespace ostler::checkout
