// SPDX-License-Identifier: Apache-2.0
#include "net/curl_multi.hpp"

#include <curl/curl.h>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/system/error_code.hpp>
#include <chrono>
#include <unordered_map>

#include "base/assert.hpp"
#include "net/http_transfer.hpp"

namespace ostler::net {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr std::size_t kIdleHandles = 8;
constexpr long kIdleConnections = 64;

/// One socket of libcurl's. Asio borrows the descriptor and never closes it.
struct Watch {
  Watch(const asio::any_io_executor& executor, curl_socket_t socket)
      : descriptor(executor, socket) {}

  asio::posix::stream_descriptor descriptor;
  int wanted = CURL_POLL_NONE;
  bool reading = false;
  bool writing = false;
  bool gone = false;
};

}  // namespace

/// Shared with the handlers under way, which may run once more after the owner has gone.
class CurlMulti::Driver : public std::enable_shared_from_this<CurlMulti::Driver> {
 public:
  Driver(const asio::any_io_executor& executor, Ended ended)
      : strand_(asio::make_strand(executor)), timer_(strand_), ended_(std::move(ended)) {
    initialize_curl();
    multi_ = curl_multi_init();
    OSTLER_ASSERT(multi_ != nullptr);
    curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &Driver::on_socket);
    curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &Driver::on_timer);
    curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
    curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, kIdleConnections);
  }

  void close() {
    curl_multi_cleanup(multi_);
    multi_ = nullptr;
    timer_.cancel();
    for (auto& [socket, watch] : watches_) forget(*watch);
    watches_.clear();
  }

  const asio::any_io_executor& strand() const { return strand_; }

  void add(CURL* easy) {
    OSTLER_ASSERT(curl_multi_add_handle(multi_, easy) == CURLM_OK);
    act(CURL_SOCKET_TIMEOUT, 0);  // begins to connect or send now, not after a turn of the loop
  }

  void remove(CURL* easy) { curl_multi_remove_handle(multi_, easy); }

 private:
  static int on_socket(CURL*, curl_socket_t socket, int what, void* self, void*) {
    static_cast<Driver*>(self)->watch(socket, what);
    return 0;
  }

  static int on_timer(CURLM*, long milliseconds, void* self) {
    static_cast<Driver*>(self)->set_timer(milliseconds);
    return 0;
  }

  static void forget(Watch& watch) {
    watch.gone = true;
    watch.descriptor.release();
  }

  void watch(curl_socket_t socket, int what) {
    const auto found = watches_.find(socket);
    if (what == CURL_POLL_REMOVE) {
      if (found == watches_.end()) return;
      forget(*found->second);
      watches_.erase(found);
      return;
    }
    auto& watch =
        found != watches_.end()
            ? found->second
            : watches_.emplace(socket, std::make_shared<Watch>(strand_, socket)).first->second;
    watch->wanted = what;
    arm(watch);
  }

  void arm(const std::shared_ptr<Watch>& watch) {
    if ((watch->wanted & CURL_POLL_IN) != 0 && !watch->reading) {
      watch->reading = true;
      wait(watch, asio::posix::descriptor_base::wait_read, &Watch::reading, CURL_CSELECT_IN);
    }
    if ((watch->wanted & CURL_POLL_OUT) != 0 && !watch->writing) {
      watch->writing = true;
      wait(watch, asio::posix::descriptor_base::wait_write, &Watch::writing, CURL_CSELECT_OUT);
    }
  }

  void wait(const std::shared_ptr<Watch>& watch, asio::posix::descriptor_base::wait_type kind,
            bool Watch::* under_way, int event) {
    const curl_socket_t socket = watch->descriptor.native_handle();
    watch->descriptor.async_wait(
        kind, [self = shared_from_this(), watch, socket, under_way, event](error_code ec) {
          (*watch).*under_way = false;
          if (watch->gone || ec == asio::error::operation_aborted) return;
          self->act(socket, ec ? CURL_CSELECT_ERR : event);
          if (!watch->gone) self->arm(watch);
        });
  }

  void set_timer(long milliseconds) {
    timer_.cancel();
    if (milliseconds < 0) return;
    timer_.expires_after(std::chrono::milliseconds(milliseconds));
    timer_.async_wait([self = shared_from_this()](error_code ec) {
      if (!ec && self->multi_ != nullptr) self->act(CURL_SOCKET_TIMEOUT, 0);
    });
  }

  void act(curl_socket_t socket, int events) {
    int running = 0;
    curl_multi_socket_action(multi_, socket, events, &running);
    report_ended();
  }

  void report_ended() {
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      CURL* easy = message->easy_handle;
      const int code = message->data.result;
      void* number = nullptr;
      curl_easy_getinfo(easy, CURLINFO_PRIVATE, &number);
      curl_multi_remove_handle(multi_, easy);
      ended_(reinterpret_cast<std::uintptr_t>(number), code);
    }
  }

  asio::any_io_executor strand_;
  asio::steady_timer timer_;
  Ended ended_;
  CURLM* multi_ = nullptr;
  std::unordered_map<curl_socket_t, std::shared_ptr<Watch>> watches_;
};

CurlMulti::CurlMulti(const asio::any_io_executor& executor, Ended ended)
    : driver_(std::make_shared<Driver>(executor, std::move(ended))) {}

CurlMulti::~CurlMulti() {
  driver_->close();
  for (void* easy : handles_) curl_easy_cleanup(easy);
}

const asio::any_io_executor& CurlMulti::strand() const { return driver_->strand(); }

void* CurlMulti::take_handle() {
  if (handles_.empty()) {
    CURL* easy = curl_easy_init();
    OSTLER_ASSERT(easy != nullptr);
    return easy;
  }
  void* easy = handles_.back();
  handles_.pop_back();
  return easy;
}

void CurlMulti::return_handle(void* easy) {
  if (handles_.size() >= kIdleHandles) {
    curl_easy_cleanup(easy);
    return;
  }
  curl_easy_reset(easy);
  handles_.push_back(easy);
}

void CurlMulti::add(void* easy, std::uint64_t number) {
  curl_easy_setopt(easy, CURLOPT_PRIVATE, reinterpret_cast<void*>(number));
  driver_->add(easy);
}

void CurlMulti::remove(void* easy) { driver_->remove(easy); }

}  // namespace ostler::net
