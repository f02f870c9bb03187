// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <string>
#include <string_view>

#include "log/timestamper.hpp"
#include "redact/redactor.hpp"
#include "supervise/async_channel.hpp"
#include "worker/event.hpp"

namespace ostler::worker {

/// The job's output on its way to the keeper: redacted, then stamped. Writing never waits; writers
/// of much call `room` in between, and one coroutine runs `ship`.
/// Runs on: one thread.
class JobLog {
 public:
  /// Requires: channel and clock outlive it.
  JobLog(const boost::asio::any_io_executor& executor, supervise::AsyncChannel& channel,
         const Clock& clock);

  redact::NeedleSet& needles() { return needles_; }
  /// Lines of ours end as those of a terminal do, or with LF alone.
  void use_terminal_line_ends(bool yes) { line_end_ = yes ? "\r\n" : "\n"; }

  /// A line of ours (or several, joined by LF), on a line of its own.
  void line(std::string_view text);
  /// Output of a child, through the redactor of its stream.
  void output(redact::Redactor& stream, std::string_view bytes);
  /// The text with every secret of the job replaced.
  std::string redacted(std::string_view text);
  /// Of a text that was cut: what may be the beginning of a secret is left out at its end.
  std::string redacted_beginning(std::string_view text);
  /// The stream's child has ended: what was withheld goes out.
  void flush(redact::Redactor& stream);

  /// Waits while much is on its way.
  boost::asio::awaitable<void> room();
  /// Puts what was written on its way at once: messages that are sent after this come after it.
  void push();

  /// Hands what is written to the keeper, until `close` or the keeper is gone.
  boost::asio::awaitable<void> ship();
  void close();

 private:
  void append(std::string_view redacted);
  std::string take_frames();

  supervise::AsyncChannel& channel_;
  log::Timestamper stamper_;
  redact::NeedleSet needles_;
  redact::Redactor own_lines_{needles_};
  std::string redacted_;
  std::string waiting_;  // at most kPlenty and one write more
  std::string_view line_end_ = "\r\n";
  bool at_line_start_ = true;
  bool closed_ = false;
  Event written_;
  Event taken_;
};

}  // namespace ostler::worker
