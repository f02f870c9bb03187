// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <filesystem>
#include <string>
#include <utility>

#include "diag/hub_metrics.hpp"
#include "files/disk_space.hpp"
#include "hub/agent_api/agent_api.hpp"
#include "hub/blob_api.hpp"
#include "hub/fault_barrier.hpp"
#include "hub/front.hpp"
#include "hub/hub.hpp"
#include "hub/local_api.hpp"
#include "hub/monitor.hpp"
#include "hub/repository_watch.hpp"
#include "hub/rest_api/rest_api.hpp"
#include "hub/secret_vault.hpp"
#include "hub/sweeper.hpp"
#include "hub/trigger_driver.hpp"
#include "hub/upkeep/housekeeper.hpp"
#include "hub/web/web.hpp"
#include "hub/webhook_sender.hpp"
#include "hub/well_known.hpp"

namespace ostler::hub {

/// What the hub signs and seals with.
struct Keys {
  Secret url;
  Secret secrets;
  std::filesystem::path oidc_file;
};

/// Everything a running hub is made of, in the order of dependence.
struct House {
  using Strand = boost::asio::strand<boost::asio::io_context::executor_type>;

  /// Requires: store and blobs outlive it.
  House(store::Store& the_store, store::BlobStore& blobs, Keys keys, std::string public_url,
        const HubOptions& options);

  SystemClock clock;
  boost::asio::io_context io;
  // Where the loops live, each on its own: `io` may run on several threads.
  Strand dispatch_strand = boost::asio::make_strand(io);
  Strand sweeper_strand = boost::asio::make_strand(io);
  Strand housekeeper_strand = boost::asio::make_strand(io);
  Strand repositories_strand = boost::asio::make_strand(io);
  Strand triggers_strand = boost::asio::make_strand(io);
  Strand webhooks_strand = boost::asio::make_strand(io);
  store::Store& store;
  std::string url;
  BlockingPool blocking;
  JobWatch job_watch;
  AgentWatch agent_watch;
  JobWatch log_watch;
  LineBudget lines{clock};
  DiskGuard disk;
  Dispatch dispatch;
  TriggerDriver triggers;
  rest_api::EventFeeds events;
  Changes changes;
  Sweeper sweeper;
  diag::HubMetrics metrics;
  Housekeeper housekeeper;
  RepositoryWatch repositories;
  ArtifactLinks links;
  SecretVault vault;
  OidcIssuer issuer;
  AskedRepositories asked_repositories;
  agent_api::AgentApi agent_api;
  rest_api::StepSummaries summaries;
  rest_api::ArchiveIntake archives;
  rest_api::Backend rest_backend;
  rest_api::RestApi rest_api;
  WebhookSender webhooks;
  BlobApi blob_api;
  WellKnown well_known;
  Monitor monitor;
  BrowserSessions sessions;
  Web web;
  Front front;
  FaultBarrier barrier;
  net::HttpServer server;
  LocalApi local_api;
  FaultBarrier local_barrier;
  net::HttpServer local_server;
};

}  // namespace ostler::hub
