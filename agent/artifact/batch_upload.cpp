// SPDX-License-Identifier: Apache-2.0
#include "artifact/batch_upload.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

namespace ostler::artifact {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kBetweenReports{1000};
constexpr std::size_t kLongestQuote = 200;  // bytes of an answer that an error quotes

Error refusal(const net::HttpResponse& response) {
  return Error(Errc::Unavailable, "the store answered " + std::to_string(response.status) + " " +
                                      response.body.substr(0, kLongestQuote))
      .with_native(response.status);
}

}  // namespace

Result<std::string> send_as_instructed(net::BlockingHttpClient& client, const UploadUnit& unit) {
  OSTLER_TRY(const auto answer, client.send(unit.request));
  if (!answer.ok()) return refusal(answer);
  return std::string(answer.header("ETag"));
}

BatchUpload::BatchUpload(std::vector<UploadUnit> units, std::size_t uploads,
                         BatchUploadOptions options, SendUnit send_unit)
    : units_(std::move(units)),
      options_(std::move(options)),
      send_unit_(std::move(send_unit)),
      files_(uploads) {
  for (const UploadUnit& unit : units_) {
    File& file = files_[unit.upload];
    file.done.upload = unit.upload;
    ++file.units_left;
    if (unit.part_number != 0) ++file.done.parts;
  }
  files_left_ = static_cast<std::size_t>(
      std::count_if(files_.begin(), files_.end(), [](const File& f) { return f.units_left > 0; }));
}

Result<void> BatchUpload::run(const Report& report) {
  std::size_t left = files_left_;  // the threads count files_left_ down
  std::vector<std::jthread> threads;
  for (std::size_t i = 0; i < std::min(options_.threads, units_.size()); ++i) {
    threads.emplace_back([this] { work(); });
  }
  Result<void> reported = success();
  while (left > 0) {
    const std::vector<Done> news = take_news(kBetweenReports);
    left -= news.size();
    if (news.empty()) continue;
    auto told = report(news);
    if (!told && reported) reported = std::move(told);
  }
  return reported;
}

// What is new after `limit`, or at once when everything is done.
std::vector<BatchUpload::Done> BatchUpload::take_news(milliseconds limit) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, limit, [this] { return files_left_ == 0; });
  return std::exchange(news_, {});
}

void BatchUpload::work() {
  net::BlockingHttpClient client({.user_agent = options_.user_agent});
  while (const auto index = next_unit()) {
    const UploadUnit& unit = units_[*index];
    finish(unit, send(client, unit));
  }
}

std::optional<std::size_t> BatchUpload::next_unit() {
  const std::lock_guard lock(mutex_);
  if (next_unit_ == units_.size()) return std::nullopt;
  return next_unit_++;
}

Result<std::string> BatchUpload::send(net::BlockingHttpClient& client, const UploadUnit& unit) {
  agent_client::Attempts attempts(options_.retry, agent_client::jitter);
  for (;;) {
    if (!wait_to_retry(unit.upload, milliseconds(0))) {
      return Error(Errc::Cancelled, "another part failed");
    }
    auto sent = send_unit_(client, unit);
    if (sent && unit.part_number != 0 && sent.value().empty()) {
      return Error(Errc::Protocol, "the store answered a part without an ETag");
    }
    if (sent) return sent;
    const auto wait = attempts.next(agent_client::failure_of(sent.error()), {});
    if (!wait || !wait_to_retry(unit.upload, *wait)) return sent;
  }
}

// False when the file has failed by another part meanwhile.
bool BatchUpload::wait_to_retry(std::size_t upload, milliseconds time) {
  std::unique_lock lock(mutex_);
  return !changed_.wait_for(lock, time, [&] { return files_[upload].failed; });
}

void BatchUpload::finish(const UploadUnit& unit, Result<std::string> etag) {
  const std::lock_guard lock(mutex_);
  File& file = files_[unit.upload];
  if (!etag && !file.failed) {
    file.failed = true;
    file.done.error = etag.error().message();
  } else if (etag && unit.part_number != 0) {
    file.done.etags.push_back({unit.part_number, etag.value()});
  }
  if (--file.units_left == 0) {
    std::sort(file.done.etags.begin(), file.done.etags.end(),
              [](const auto& a, const auto& b) { return a.part_number < b.part_number; });
    news_.push_back(file.done);
    --files_left_;
  }
  changed_.notify_all();
}

}  // namespace ostler::artifact
