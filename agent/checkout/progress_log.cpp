// SPDX-License-Identifier: Apache-2.0
#include "checkout/progress_log.hpp"

#include <vector>

#include "base/size_text.hpp"
#include "files/file.hpp"
#include "log/lines.hpp"

namespace ostler::checkout {
namespace {

constexpr std::chrono::seconds kBetweenLines{1};
constexpr std::size_t kLongestRemoteLine = 1024;  // bytes; the rest of a longer one is dropped

std::string share_text(std::uint64_t done, std::uint64_t total) {
  const std::uint64_t percent = total == 0 ? 100 : done * 100 / total;
  return std::to_string(percent) + "% (" + std::to_string(done) + "/" + std::to_string(total) + ")";
}

}  // namespace

void JobLog::line(std::string_view text) {
  // A log that nobody reads any more is no reason to stop: the result goes another way.
  static_cast<void>(files::write_all(fd_, std::string(text) + "\n").has_value());
}

void JobLog::section(std::string_view title) { line(log::section(title)); }
void JobLog::comment(std::string_view text) { line(log::comment(text)); }
void JobLog::warning(std::string_view text) { line(log::warning(text)); }
void JobLog::error(std::string_view text) { line(log::error(text)); }

void JobLog::change_directory(const std::string& directory) {
  line(log::prompt("cd " + log::quoted(std::vector{directory})));
}

bool ProgressLog::is_time() {
  const auto now = std::chrono::steady_clock::now();
  if (now - shown_ < kBetweenLines) return false;
  shown_ = now;
  return true;
}

void ProgressLog::on_transfer(const git::Transfer& transfer) {
  interrupter_.peer_is_alive();
  transfer_ = transfer;
  anything_received_ = transfer.total_objects > 0;
  if (anything_received_ && is_time()) show_transfer();
}

void ProgressLog::show_transfer() {
  if (transfer_.received_objects < transfer_.total_objects || transfer_.total_deltas == 0) {
    log_.line(
        "Receiving objects: " + share_text(transfer_.received_objects, transfer_.total_objects) +
        ", " + size_text(transfer_.received_bytes));
  } else {
    log_.line("Resolving deltas: " + share_text(transfer_.indexed_deltas, transfer_.total_deltas));
  }
}

// Progress of the server is overwritten with "\r"; only lines that it ended are kept.
void ProgressLog::on_remote_text(std::string_view text) {
  interrupter_.peer_is_alive();
  for (const char c : text) {
    if (c == '\n') {
      if (!remote_line_.empty()) log_.line("remote: " + remote_line_);
      remote_line_.clear();
    } else if (c == '\r') {
      remote_line_.clear();
    } else if (remote_line_.size() < kLongestRemoteLine) {
      remote_line_ += c;
    }
  }
}

void ProgressLog::on_connection_text(std::string_view text) {
  interrupter_.peer_is_alive();
  for (const char c : text) {
    if (c == '\n') {
      if (!connection_line_.empty()) log_.line(connection_line_);
      connection_line_.clear();
    } else if (c != '\r' && connection_line_.size() < kLongestRemoteLine) {
      connection_line_ += c;
    }
  }
}

void ProgressLog::on_files(std::size_t done, std::size_t total) {
  if (done > 0 && done < total && is_time())
    log_.line("Updating files: " + share_text(done, total));
}

void ProgressLog::finish() {
  interrupter_.peer_is_done();
  if (anything_received_) {
    log_.line(
        "Receiving objects: " + share_text(transfer_.received_objects, transfer_.total_objects) +
        ", " + size_text(transfer_.received_bytes) + ", done");
  }
  anything_received_ = false;
  remote_line_.clear();
  if (!connection_line_.empty()) log_.line(connection_line_);
  connection_line_.clear();
}

}  // namespace ostler::checkout
