// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/http_requests.hpp"

#include <unistd.h>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>

#include "plugin_host/http_head.hpp"
#include "plugin_host/http_hops.hpp"

namespace ostler::plugin_host {
namespace {

constexpr int kMostThreads = 32;              // with those that are closed and not at their end
constexpr std::size_t kMostAhead = 1u << 20;  // bytes that the plugin has not read

}  // namespace

/// One request, from its begin until the plugin closes it. `mutex_` guards what comes after it.
class HttpRequests::Request {
 public:
  Request(std::string handle, std::uint32_t id, Answer answer)
      : handle_(std::move(handle)), answer_(std::move(answer)), head_id_(id) {}

  /// Until the request has come to its end.
  void work(PluginHttpRequest asked) {
    asked.request.body_sink = [this](const net::HttpResponse& head, std::string_view piece) {
      return take(head, piece);
    };
    asked.request.sink_takes_failures = true;
    asked.request.is_abandoned = [this] { return is_closed_.load(); };
    auto response = send_with_redirects(std::move(asked));
    const std::lock_guard lock(mutex_);
    if (response) {
      tell_head(response.value());
      append(response.value().body);
      end_ = success();
    } else if (head_id_) {
      answer_(*std::exchange(head_id_, {}), response.error());
      end_ = std::move(response).error();
    } else {
      end_ = std::move(response).error();
    }
    answer_reader();
  }

  void close() {
    {
      const std::lock_guard lock(mutex_);
      is_closed_ = true;
    }
    changed_.notify_all();
  }

  void read(std::uint32_t id) {
    const std::lock_guard lock(mutex_);
    if (reader_) return answer_(id, Error(Errc::UserFault, "this request is being read already"));
    reader_ = id;
    answer_reader();
  }

 private:
  /// On the thread, while the answer comes; waits for the plugin to read.
  Result<void> take(const net::HttpResponse& head, std::string_view piece) {
    std::unique_lock lock(mutex_);
    tell_head(head);
    append(piece);
    answer_reader();
    changed_.wait(lock, [this] { return is_closed_ || unread_ < kMostAhead; });
    if (is_closed_) return Error(Errc::Cancelled, "the plugin has closed the request");
    return success();
  }

  void tell_head(const net::HttpResponse& head) {
    if (head_id_) answer_(*std::exchange(head_id_, {}), http_head_text(handle_, head));
  }

  void append(std::string_view bytes) {
    unread_ += bytes.size();
    while (!bytes.empty()) {
      const std::string_view piece = bytes.substr(0, kLongestHttpPiece);
      pieces_.emplace_back(piece);
      bytes.remove_prefix(piece.size());
    }
  }

  void answer_reader() {
    if (!reader_ || (pieces_.empty() && !end_)) return;
    const std::uint32_t id = *std::exchange(reader_, {});
    if (!pieces_.empty()) {
      unread_ -= pieces_.front().size();
      answer_(id, std::move(pieces_.front()));
      pieces_.pop_front();
      changed_.notify_all();
    } else {
      answer_(id, *end_ ? Result<std::string>(std::string()) : Result<std::string>(end_->error()));
    }
  }

  const std::string handle_;
  const Answer answer_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<std::uint32_t> head_id_;  ///< the call that waits for the head
  std::optional<std::uint32_t> reader_;   ///< the call that waits for a piece
  std::deque<std::string> pieces_;
  std::size_t unread_ = 0;
  std::atomic<bool> is_closed_ = false;
  std::optional<Result<void>> end_;
};

HttpRequests::HttpRequests(Answer answer)
    : answer_(std::move(answer)), at_work_(std::make_shared<std::atomic<int>>(0)) {}
HttpRequests::~HttpRequests() = default;

void HttpRequests::send(std::uint32_t id, const std::vector<std::string>& arguments) {
  auto asked = read_http_request(arguments);
  if (!asked) return answer_(id, std::move(asked).error());
  if (open_.size() >= kMostOpenRequests) {
    return answer_(id, Error(Errc::Unavailable, "16 requests of the plugin are open; close one"));
  }
  if (*at_work_ >= kMostThreads) {
    return answer_(id, Error(Errc::Unavailable,
                             "requests that were closed still wait for their servers; try again"));
  }
  // A later process of this kind knows none of its names.
  const std::string handle = std::to_string(::getpid()) + "." + std::to_string(++last_handle_);
  const auto request = std::make_shared<Request>(handle, id, answer_);
  ++*at_work_;
  try {
    std::thread([request, asked = std::move(asked).value(), at_work = at_work_]() mutable {
      request->work(std::move(asked));
      --*at_work;
    }).detach();
    open_.emplace(handle, request);
  } catch (const std::system_error& error) {
    --*at_work_;
    answer_(id,
            Error(Errc::Unavailable, std::string("no thread for the request: ") + error.what()));
  }
}

void HttpRequests::begin(std::uint32_t id, const std::string& method,
                         const std::vector<std::string>& arguments) {
  if (method == "send") return send(id, arguments);
  const auto found = arguments.size() == 1 ? open_.find(arguments[0]) : open_.end();
  if (found == open_.end() && method == "close") return answer_(id, std::string());
  if (found == open_.end()) {
    return answer_(id, Error(Errc::NotFound, "no request of that name is open"));
  }
  if (method == "read") return found->second->read(id);
  found->second->close();
  open_.erase(found);
  answer_(id, std::string());
}

}  // namespace ostler::plugin_host
