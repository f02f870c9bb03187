// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

#include "base/clock.hpp"
#include "base/guarded.hpp"
#include "diag/hub_metrics.hpp"
#include "hub/disk_guard.hpp"
#include "net/http_server.hpp"
#include "store/store.hpp"

namespace ostler::hub {

/// Tells monitors how the hub fares, without a token: `GET /healthz` answers 200 while the store
/// answers, else 503; `GET /metrics` answers in the text format of Prometheus. Thread-safe.
class Monitor final : public net::RequestHandler {
 public:
  /// All outlive it.
  Monitor(store::Store& store, DiskGuard& disk, diag::HubMetrics& metrics, const Clock& clock)
      : store_(store), disk_(disk), metrics_(metrics), clock_(clock) {}

  boost::asio::awaitable<net::ServerResponse> handle(net::ServerRequest& request) override;

 private:
  struct Known {
    std::chrono::nanoseconds until{0};
    store::Levels levels;
  };

  boost::asio::awaitable<Result<store::Levels>> levels();
  std::string text(const store::Levels& levels);

  store::Store& store_;
  DiskGuard& disk_;
  diag::HubMetrics& metrics_;
  const Clock& clock_;
  Guarded<Known> known_;
};

}  // namespace ostler::hub
