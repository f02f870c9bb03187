// SPDX-License-Identifier: Apache-2.0
#include "worker/job_log.hpp"

#include <algorithm>

#include "supervise/codec.hpp"

namespace ostler::worker {

namespace asio = boost::asio;

namespace {
constexpr std::size_t kPlenty = 256 << 10;  // bytes that wait before writers do
}

JobLog::JobLog(const asio::any_io_executor& executor, supervise::AsyncChannel& channel,
               const Clock& clock)
    : channel_(channel), stamper_(clock), written_(executor), taken_(executor) {}

void JobLog::line(std::string_view text) {
  redacted_.clear();
  if (!at_line_start_) redacted_ += line_end_;
  std::string own;
  for (const char byte : text) {
    if (byte == '\n') {
      own += line_end_;
    } else {
      own += byte;
    }
  }
  own_lines_.write(own, redacted_);
  own_lines_.flush(redacted_);
  redacted_ += line_end_;
  append(redacted_);
}

std::string JobLog::redacted(std::string_view text) {
  redact::Redactor whole(needles_);
  std::string clean;
  whole.write(text, clean);
  whole.flush(clean);
  return clean;
}

std::string JobLog::redacted_beginning(std::string_view text) {
  redact::Redactor withholding(needles_);
  std::string clean;
  withholding.write(text, clean);
  return clean;
}

void JobLog::output(redact::Redactor& stream, std::string_view bytes) {
  redacted_.clear();
  stream.write(bytes, redacted_);
  append(redacted_);
}

void JobLog::flush(redact::Redactor& stream) {
  redacted_.clear();
  stream.flush(redacted_);
  append(redacted_);
}

void JobLog::append(std::string_view redacted) {
  if (redacted.empty() || closed_) return;
  at_line_start_ = redacted.back() == '\n';
  stamper_.write(redacted, waiting_);
  written_.notify();
}

asio::awaitable<void> JobLog::room() {
  while (waiting_.size() > kPlenty && !closed_) co_await taken_.wait();
}

void JobLog::push() {
  if (waiting_.empty()) return;
  channel_.post_frames(take_frames());
  taken_.notify();
}

asio::awaitable<void> JobLog::ship() {
  while (!closed_) {
    if (waiting_.empty()) {
      co_await written_.wait();
      continue;
    }
    if (!co_await channel_.send_frames(take_frames())) close();
    taken_.notify();
  }
}

/// What waits, in the frames that carry it.
std::string JobLog::take_frames() {
  std::string frames;
  const std::size_t count = waiting_.size() / supervise::kMaxOutput + 1;
  frames.reserve(waiting_.size() + count * supervise::kFrameHeader);
  for (std::string_view rest = waiting_; !rest.empty();) {
    const std::string_view piece = rest.substr(0, supervise::kMaxOutput);
    frames += supervise::frame_header(supervise::MessageType::Output, piece.size());
    frames += piece;
    rest.remove_prefix(piece.size());
  }
  waiting_.clear();
  return frames;
}

void JobLog::close() {
  closed_ = true;
  written_.notify();
  taken_.notify();
}

}  // namespace ostler::worker
