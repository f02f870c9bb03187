// SPDX-License-Identifier: Apache-2.0
#include "keeper/recorder.hpp"

#include <algorithm>
#include <cerrno>

namespace ostler::keeper {
namespace {

constexpr std::chrono::milliseconds kRetryPause{250};
constexpr std::chrono::seconds kSyncPause{1};

bool is_disk_full(const Error& error) {
  return error.native() == ENOSPC || error.native() == EDQUOT;
}

}  // namespace

Result<void> Recorder::add(journal::RecordType type, std::string_view payload) {
  entries_.push_back({type, payload});
  return entries_.size() < journal::kMaxEntries ? success() : flush();
}

void Recorder::add_own(journal::RecordType type, std::string payload) {
  entries_.push_back({type, own_.emplace_back(std::move(payload))});
}

Result<void> Recorder::flush() {
  if (is_blocked() || entries_.empty()) return success();
  return write_out();
}

Result<void> Recorder::write_out() {
  const BootTime now = clock_->since_boot();
  while (!entries_.empty()) {
    const std::size_t count = std::min(entries_.size(), journal::kMaxEntries);
    const auto written = writer_.append(std::span(entries_).first(count));
    if (!written && is_disk_full(written.error())) {
      if (!blocked_since_) blocked_since_ = now;
      retry_at_ = now + kRetryPause;
      return success();
    }
    if (!written) return written;
    entries_.erase(entries_.begin(), entries_.begin() + static_cast<std::ptrdiff_t>(count));
  }
  own_.clear();
  blocked_since_.reset();
  // Journals that began at different moments sync at different moments.
  if (!sync_at_) sync_at_ = now + kSyncPause;
  return success();
}

Result<void> Recorder::advance(BootTime now) {
  if (is_blocked() && now >= retry_at_) {
    OSTLER_TRY(write_out());
  }
  if (!sync_at_ || now < *sync_at_) return success();
  sync_at_.reset();
  return sync();
}

std::optional<BootTime> Recorder::next() const {
  if (!is_blocked()) return sync_at_;
  return sync_at_ ? std::min(*sync_at_, retry_at_) : retry_at_;
}

Result<void> Recorder::conclude(const journal::Verdict& verdict, std::string_view notice) {
  entries_.clear();
  if (!notice.empty()) {
    const auto said = writer_.append(journal::RecordType::Output, notice);
    if (!said && !is_disk_full(said.error())) return said;
  }
  return writer_.append_verdict(verdict);
}

}  // namespace ostler::keeper
