// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "cli/stop_signals.hpp"
#include "cli/up_places.hpp"
#include "process/spawn.hpp"

namespace ostler::cli {

/// What the person asked of `ostler up`.
struct UpOptions {
  UpPlaces places;
  std::string listen = "127.0.0.1:7450";
  std::string public_url;       ///< empty: where the hub listens
  std::string tls_certificate;  ///< empty: plain HTTP
  std::string tls_key;
  std::string organization;  ///< empty: as the hub's default
  std::string max_log_size;  ///< bytes of one job's log; empty: as the hub's default
  int slots = 1;
  std::string tags;                     ///< of the agent, comma list; empty: none
  std::string plugin_services = {};     ///< comma list of the plugins that may start some
  std::string plugin_secrets_put = {};  ///< of those that may set secrets of the hub
};

/// A hub and an agent as processes, kept running until a signal says otherwise.
///
///     Running --signal--> Draining --signal--> Canceling --signal--> Killing
///        each of them --the agent has ended--> over
class UpServices {
 public:
  /// Requires: `options` and `signals` outlive this; called on the main thread.
  UpServices(const UpOptions& options, StopSignals& signals)
      : options_(options), signals_(signals), listen_(options.listen) {}

  /// Starts the hub and, once it listens, the agent. Errors: why one of them did not start.
  Result<void> start();
  /// Where the hub listens. Requires: started.
  const std::string& url() const { return url_; }

  /// Starts again what ends by itself; returns when a signal has ended both.
  void run();

 private:
  struct Service {
    void begin(process::Child started) {
      child = std::move(started);
      started_at = std::chrono::steady_clock::now();
    }

    const char* name;
    std::optional<process::Child> child = {};
    std::chrono::steady_clock::time_point started_at = {};
    std::chrono::steady_clock::time_point start_at = {};  ///< again, once it has ended
    std::chrono::seconds delay{1};                        ///< before the last start
  };

  Result<void> start_hub();
  Result<void> start_agent();
  std::string own_endpoint() const;
  void wait();
  void take_signals();
  void see_ended(Service& service);
  void start_again();
  void stop_hub();

  const UpOptions& options_;
  StopSignals& signals_;
  Service hub_{"the hub"};
  Service agent_{"the agent"};
  UniqueFd hub_output_;  ///< kept open: the hub's standard output
  std::string listen_;   ///< address and port
  std::string url_;
  int stops_ = 0;  ///< how often we were told to stop
};

}  // namespace ostler::cli
