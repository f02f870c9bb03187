// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/command_sink.hpp"

#include <algorithm>
#include <utility>

namespace ostler::plugin_host {

namespace asio = boost::asio;

namespace {

constexpr std::size_t kMostKept = 1 << 20;          // what the plugin gets
constexpr std::size_t kMostUnread = 1 << 20;        // before the command has to wait
constexpr std::size_t kLongestAnswer = 256 << 10;   // to one read()
constexpr std::size_t kLongestHeldLine = 32 << 10;  // a longer one goes in pieces

}  // namespace

LoggedOutput::LoggedOutput(StepLog& log) : log_(log), stream_(log.program_output()) {}

void LoggedOutput::take(std::string_view bytes) {
  line_ += bytes;
  const std::size_t end = line_.rfind('\n');
  if (end != line_.npos) {
    stream_->write(std::string_view(line_).substr(0, end + 1));
    line_.erase(0, end + 1);
  }
  if (line_.size() < kLongestHeldLine) return;
  stream_->write(line_);
  line_.clear();
}

void LoggedOutput::end() {
  if (!line_.empty()) take("\n");
  stream_.reset();  // says what it held back
}

void KeptOutput::take(std::string_view bytes) {
  const std::size_t room = kMostKept - kept_.size();
  kept_ += bytes.substr(0, room);
  is_truncated_ = is_truncated_ || bytes.size() > room;
}

void ReadOutput::take(std::string_view bytes) {
  if (is_discarded_) return;
  ahead_ += bytes;
  answer_reader();
}

asio::awaitable<void> ReadOutput::room() {
  while (ahead_.size() >= kMostUnread && !is_hurried_) {
    has_room_.reset();
    (void)co_await has_room_.wait();
  }
}

void ReadOutput::hurry() {
  is_hurried_ = true;
  has_room_.set();
}

void ReadOutput::end() {
  is_over_ = true;
  answer_reader();
}

void ReadOutput::discard() {
  is_discarded_ = true;
  ahead_.clear();
  has_room_.set();
}

void ReadOutput::read(CallDone done) {
  if (reader_) return done(Error(Errc::Conflict, "it is being read already"));
  reader_ = std::move(done);
  answer_reader();
}

void ReadOutput::answer_reader() {
  if (!reader_ || (ahead_.empty() && !is_over_)) return;
  std::string piece = ahead_.substr(0, kLongestAnswer);
  ahead_.erase(0, piece.size());
  if (ahead_.size() < kMostUnread) has_room_.set();
  std::exchange(reader_, nullptr)(std::move(piece));
}

}  // namespace ostler::plugin_host
