// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "base/result.hpp"
#include "store/retention.hpp"

// The hub: stores builds, schedules jobs, serves the Agent API and REST from one listener.
namespace ostler::hub {

struct HubOptions {
  std::string host = "127.0.0.1";
  std::uint16_t port = 7450;        ///< 0: any free one
  std::filesystem::path data_path;  ///< directory of everything it keeps
  std::string public_url;           ///< base of the URLs it hands out; empty: where it listens
  std::filesystem::path tls_certificate;  ///< PEM, with its chain; empty: plain HTTP
  std::filesystem::path tls_key;          ///< PEM
  store::RetentionTerms retention;        ///< what is removed when
  int least_free_percent = 5;             ///< of the disk; with less no new builds and artifacts
  std::int64_t calls_per_minute = 6'000;  ///< through REST with one token; 0: any number
  std::size_t most_jobs = 4'000;          ///< of a build
  std::int64_t log_limit = std::int64_t{1} << 30;  ///< bytes of one job's log; no more is kept
  /// IP networks, spaces between, to whose addresses no webhook is sent. By default those where
  /// clouds give machines their credentials.
  std::string forbidden_webhook_networks =
      "169.254.0.0/16 100.100.100.200/32 168.63.129.16/32 fe80::/10 fd00:ec2::23/128 "
      "fd00:ec2::254/128 fd20:ce::254/128 64:ff9b::a9fe:0/112";
  std::string organization;  ///< slug of the one that the first start makes; empty: "ostler"
};

/// Called once, with the URL at which the hub can be reached.
using Listening = std::function<void(const std::string& url)>;

/// Runs a hub until SIGTERM or SIGINT, then stops gracefully: finishes requests, closes the store.
/// DIR/url holds the URL too. The first start writes DIR/agent-token and DIR/api-token. At the unix
/// socket DIR/hub.sock whoever may enter the directory can ask for more API tokens (local_api.hpp).
/// Errors: Conflict (port or directory in use, another organization was made before), Denied,
/// UserFault (newer database, bad address, bad slug, unusable certificate),
/// Unavailable (disk full); each says what to do.
/// Runs on: the calling thread and threads of its own. Once per process: it takes the signals.
Result<void> run_hub(const HubOptions& options, const Listening& listening);

}  // namespace ostler::hub
