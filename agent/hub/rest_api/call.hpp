// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "hub/blocking_pool.hpp"
#include "hub/disk_guard.hpp"
#include "hub/rest_api/archive_intake.hpp"
#include "hub/rest_api/event_feeds.hpp"
#include "hub/rest_api/query.hpp"
#include "hub/rest_api/rate_limiter.hpp"
#include "hub/rest_api/step_summaries.hpp"
#include "hub/watch.hpp"
#include "model/artifact.hpp"
#include "net/http_server.hpp"
#include "net/path_pattern.hpp"
#include "store/store.hpp"

// REST v2 of the hub: routes are a table (routes.hpp), each handler a function from a Call to a
// response, and RestApi (rest_api.hpp) checks token, scope and body before it calls one.
namespace ostler::rest_api {

/// Hears of what committed writes changed, to wake those who wait. Must not block.
class ChangeListener {
 public:
  virtual ~ChangeListener() = default;
  virtual void changed(const store::FollowUps& follow_ups) = 0;
};

/// Makes the addresses from which the bytes of artifacts can be fetched without a token, for about
/// a minute.
class DownloadLinks {
 public:
  virtual ~DownloadLinks() = default;
  virtual std::string download_link(const model::Artifact& artifact, Timestamp now) const = 0;
};

/// Encrypts the values of secrets before they are stored.
class SecretSealer {
 public:
  virtual ~SecretSealer() = default;
  virtual std::string seal(ClusterId cluster, std::string_view key, const Secret& value) const = 0;
};

/// What handlers act on. All of it outlives them.
struct Backend {
  store::Store& store;
  const Clock& clock;
  ChangeListener& listener;
  const DownloadLinks& downloads;
  hub::BlockingPool& threads;  ///< read YAML, which may take long
  StepSummaries& summaries;
  const SecretSealer& sealer;
  hub::DiskGuard& disk;
  store::BlobStore& blobs;
  ArchiveIntake& archives;                ///< of plugins
  EventFeeds& events;                     ///< of builds
  hub::JobWatch& logs;                    ///< of jobs: have more, or are complete
  std::string public_url;                 ///< base of every address, without a slash at its end
  std::int64_t calls_per_minute = 6'000;  ///< of one token; 0: any number
  std::size_t most_jobs = 4'000;          ///< of a build
};

/// One request that has passed the checks of its route.
struct Call {
  std::string method;
  std::string url;                      ///< its own, absolute, without a query
  net::PathParameters parameters = {};  ///< of the path
  Query query = {};
  std::string accept = {};
  std::string range = {};
  std::string last_event_id = {};
  std::optional<std::string> idempotency_key = {};
  net::Peer* peer = nullptr;  ///< never null in a handler
  std::string body = {};
  net::RequestBody* body_stream = nullptr;  ///< where the route takes its body as it comes
  store::ApiHolder caller = {};
  RateWindow window = {};

  /// The path parameter of that name, which the route has.
  const std::string& parameter(std::string_view name) const;
  /// Whether the route has that path parameter.
  bool has_parameter(std::string_view name) const;
};

using Answer = boost::asio::awaitable<Result<net::ServerResponse>>;
/// `backend` outlives the coroutine.
using Handler = Answer (*)(const Backend& backend, Call call);

}  // namespace ostler::rest_api
