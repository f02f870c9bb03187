// SPDX-License-Identifier: Apache-2.0
#include "net/http_client.hpp"

#include <atomic>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <functional>
#include <unordered_map>

#include "base/assert.hpp"
#include "net/curl_multi.hpp"
#include "net/http_transfer.hpp"

namespace ostler::net {
namespace asio = boost::asio;

/// The requests under way, by number. Everything but `next_number` runs on the strand.
class HttpClient::Loop {
 public:
  using Done = std::function<void(Result<HttpResponse>)>;

  Loop(const asio::any_io_executor& executor, HttpClientOptions options)
      : options_(std::move(options)),
        multi_(executor, [this](std::uint64_t number, int code) { finish(number, code); }) {}
  ~Loop() { OSTLER_ASSERT(running_.empty()); }

  const asio::any_io_executor& strand() const { return multi_.strand(); }
  std::uint64_t next_number() { return ++last_number_; }

  void start(std::uint64_t number, HttpRequest request, Done done) {
    void* easy = multi_.take_handle();
    auto prepared = HttpTransfer::prepare(easy, std::move(request), options_);
    if (!prepared) {
      multi_.return_handle(easy);
      return done(std::move(prepared).error());
    }
    running_.emplace(number, Running{std::move(prepared).value(), std::move(done)});
    multi_.add(easy, number);
  }

  void cancel(std::uint64_t number) {
    const auto found = running_.find(number);
    if (found == running_.end()) return;
    multi_.remove(found->second.transfer->easy());
    end(found, [](HttpTransfer&) { return Error(Errc::Cancelled, "the request was cancelled"); });
  }

 private:
  struct Running {
    std::unique_ptr<HttpTransfer> transfer;
    Done done;
  };

  void finish(std::uint64_t number, int code) {
    const auto found = running_.find(number);
    OSTLER_ASSERT(found != running_.end());
    end(found, [code](HttpTransfer& transfer) { return transfer.finish(code); });
  }

  template <class Outcome>
  void end(std::unordered_map<std::uint64_t, Running>::iterator at, Outcome outcome) {
    Running ended = std::move(at->second);
    running_.erase(at);
    Result<HttpResponse> result = outcome(*ended.transfer);
    void* easy = ended.transfer->easy();
    ended.transfer.reset();
    multi_.return_handle(easy);
    ended.done(std::move(result));
  }

  HttpClientOptions options_;
  std::atomic<std::uint64_t> last_number_ = 0;
  std::unordered_map<std::uint64_t, Running> running_;
  CurlMulti multi_;
};

namespace {

/// Completes `handler` on its own executor, which stays busy until then.
template <class Handler>
std::function<void(Result<HttpResponse>)> completion(Handler handler,
                                                     const asio::any_io_executor& fallback) {
  auto executor = asio::prefer(asio::get_associated_executor(handler, fallback),
                               asio::execution::outstanding_work.tracked);
  auto shared = std::make_shared<Handler>(std::move(handler));
  return [executor, shared](Result<HttpResponse> result) {
    asio::post(executor,
               [shared, result = std::move(result)]() mutable { (*shared)(std::move(result)); });
  };
}

}  // namespace

HttpClient::HttpClient(const asio::any_io_executor& executor, HttpClientOptions options)
    : loop_(std::make_shared<Loop>(executor, std::move(options))) {}

HttpClient::~HttpClient() = default;

asio::awaitable<Result<HttpResponse>> HttpClient::send(HttpRequest request) {
  auto initiate = [](auto handler, std::shared_ptr<Loop> loop, HttpRequest what) {
    const std::uint64_t number = loop->next_number();
    auto slot = asio::get_associated_cancellation_slot(handler);
    if (slot.is_connected()) {
      slot.assign([weak = std::weak_ptr(loop), number](asio::cancellation_type) {
        const auto alive = weak.lock();
        if (!alive) return;
        asio::post(alive->strand(), [alive, number] { alive->cancel(number); });
      });
    }
    auto done = completion(std::move(handler), loop->strand());
    asio::dispatch(loop->strand(), [loop, number, what = std::move(what), done]() mutable {
      loop->start(number, std::move(what), std::move(done));
    });
  };
  return asio::async_initiate<const asio::use_awaitable_t<>, void(Result<HttpResponse>)>(
      initiate, asio::use_awaitable, loop_, std::move(request));
}

}  // namespace ostler::net
