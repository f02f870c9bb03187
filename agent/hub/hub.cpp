// SPDX-License-Identifier: Apache-2.0
#include "hub/hub.hpp"

#include <sys/resource.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "diag/hub_metrics.hpp"
#include "diag/log.hpp"
#include "files/disk_space.hpp"
#include "hub/agent_api/agent_api.hpp"
#include "hub/blob_api.hpp"
#include "hub/fault_barrier.hpp"
#include "hub/front.hpp"
#include "hub/local_api.hpp"
#include "hub/monitor.hpp"
#include "hub/repository_watch.hpp"
#include "hub/rest_api/rest_api.hpp"
#include "hub/rest_api/routes.hpp"
#include "hub/secret_vault.hpp"
#include "hub/state_directory.hpp"
#include "hub/sweeper.hpp"
#include "hub/trigger_driver.hpp"
#include "hub/upkeep/housekeeper.hpp"
#include "hub/upkeep/hub_files.hpp"
#include "hub/upkeep/key_check.hpp"
#include "hub/web/web.hpp"
#include "hub/webhook_sender.hpp"
#include "hub/well_known.hpp"
#include "model/slug.hpp"
#include "net/tls_identity.hpp"
#include "store/directory_blob_store.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace ostler::hub {

namespace asio = boost::asio;

namespace {

constexpr std::size_t kBlockingThreads = 4;
constexpr std::chrono::seconds kStopGrace{10};

/// Every connected agent holds a descriptor; take as many as the system gives.
void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

std::string url_of(const HubOptions& options, std::uint16_t port) {
  const std::string& host = options.host;
  const std::string scheme = options.tls_certificate.empty() ? "http://" : "https://";
  const bool is_ipv6 = host.find(':') != host.npos;
  return scheme + (is_ipv6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

std::string without_slash(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  return url;
}

/// How the public listener's bytes travel: as they are, or by TLS with files that may be renewed.
Result<net::StreamOpener> stream_opener(const HubOptions& options) {
  if (options.tls_certificate.empty()) return net::StreamOpener();
  const bool is_any = options.host == "0.0.0.0" || options.host == "::";
  if (is_any && options.public_url.empty()) {
    return Error(Errc::UserFault,
                 "--tls-cert on every address needs --public-url https://NAME:PORT with the name "
                 "that the certificate is for");
  }
  OSTLER_TRY(auto loaded, net::TlsIdentity::load({options.tls_certificate, options.tls_key}));
  const auto identity = std::make_shared<net::TlsIdentity>(std::move(loaded));
  return net::StreamOpener([identity](UniqueFd socket, const asio::any_io_executor& strand) {
    if (const auto fresh = identity->refresh(); !fresh) {
      diag::error("goes on with the TLS certificate that it has",
                  {{"error", fresh.error().message()}});
    }
    return identity->open_stream(std::move(socket), strand);
  });
}

Result<net::Listener> open_listener(const HubOptions& options) {
  auto listener = net::listen_on_tcp(options.host, options.port);
  if (!listener && listener.error().code() == Errc::Conflict) {
    return Error(Errc::Conflict, "port " + std::to_string(options.port) + " on " + options.host +
                                     " is in use; stop the program that has it, or give another "
                                     "one with --listen");
  }
  OSTLER_TRY(auto opened, std::move(listener));
  OSTLER_TRY(opened.open_stream, stream_opener(options));
  return opened;
}

/// One thread serves thousands of agents; more help only where there are cores to spare.
unsigned io_threads() { return std::clamp(std::thread::hardware_concurrency() / 4, 1u, 4u); }

/// What the hub signs and seals with.
struct Keys {
  Secret url;
  Secret secrets;
  std::filesystem::path oidc_file;
};

using Strand = asio::strand<asio::io_context::executor_type>;

/// Everything a running hub is made of, in the order of dependence.
struct House {
  House(store::Store& the_store, store::BlobStore& blobs, Keys keys, std::string public_url,
        const HubOptions& options)
      : store(the_store),
        url(std::move(public_url)),
        disk([path = options.data_path] { return files::disk_space(path); }, clock,
             options.least_free_percent),
        dispatch(dispatch_strand, store, clock, lines),
        triggers(triggers_strand, store, clock, blocking, disk, {url, options.most_jobs}),
        events(store),
        changes(dispatch, triggers, {job_watch, agent_watch, log_watch, events}),
        sweeper(sweeper_strand, store, clock, changes),
        housekeeper(housekeeper_strand, store, blobs, blocking, clock, changes,
                    {.directory = options.data_path, .terms = options.retention}),
        repositories(repositories_strand, store, clock, changes, blocking, disk, url,
                     options.most_jobs),
        links(std::move(keys.url), url),
        vault(std::move(keys.secrets)),
        issuer(std::move(keys.oidc_file), url),
        agent_api({store, blobs, clock, dispatch, job_watch, agent_watch, changes, blocking, links,
                   vault, issuer, disk, metrics, lines, asked_repositories, url, options.most_jobs,
                   options.log_limit}),
        summaries(blocking),
        rest_backend{store,
                     clock,
                     changes,
                     links,
                     blocking,
                     summaries,
                     vault,
                     disk,
                     blobs,
                     archives,
                     events,
                     log_watch,
                     url,
                     options.calls_per_minute,
                     options.most_jobs},
        rest_api(rest_backend),
        webhooks(webhooks_strand, rest_backend, vault, options.forbidden_webhook_networks),
        blob_api(store, blobs, clock, links, blocking),
        well_known(issuer, blocking, url),
        monitor(store, disk, metrics, clock),
        sessions(clock, url),
        web(store, clock, sessions, url),
        front(agent_api, rest_api, blob_api, well_known, monitor, web),
        barrier(front),
        server(io.get_executor(), barrier),
        local_api(store, clock, url),
        local_barrier(local_api),
        local_server(io.get_executor(), local_barrier) {}

  SystemClock clock;
  asio::io_context io;
  // Where the loops live, each on its own: `io` may run on several threads.
  Strand dispatch_strand = asio::make_strand(io);
  Strand sweeper_strand = asio::make_strand(io);
  Strand housekeeper_strand = asio::make_strand(io);
  Strand repositories_strand = asio::make_strand(io);
  Strand triggers_strand = asio::make_strand(io);
  Strand webhooks_strand = asio::make_strand(io);
  store::Store& store;
  std::string url;
  BlockingPool blocking{kBlockingThreads};
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

Result<void> check_organization(const model::Organization& known, const std::string& asked) {
  if (asked.empty() || asked == known.slug) return success();
  return Error(Errc::Conflict, "this hub's organization is \"" + known.slug +
                                   "\"; --org names another one at its first start only");
}

/// The files are written first: a first start that is cut short makes them anew, while tokens that
/// only the store knew could never be had again.
asio::awaitable<Result<void>> found(House& house, const StateDirectory& directory,
                                    const std::string& asked) {
  OSTLER_CO_TRY(const auto known, co_await house.store.organizations());
  if (!known.empty()) co_return check_organization(known.front(), asked);
  const std::string slug = asked.empty() ? "ostler" : asked;
  OSTLER_CO_TRY(model::check_slug(slug));
  const auto tokens = store::make_first_start_tokens();
  OSTLER_CO_TRY(directory.write_token("agent-token", tokens.agent_token));
  OSTLER_CO_TRY(directory.write_token("api-token", tokens.api_token));
  OSTLER_CO_TRY(co_await house.store.first_start(
      {house.clock.now(), rest_api::grantable_scopes(), tokens, slug}));
  co_return success();
}

/// A path may be too long for a socket; the hub serves all the rest without it.
void serve_owner(House& house, const std::filesystem::path& socket) {
  const auto listening = house.local_server.listen_unix(socket);
  if (listening) return;
  diag::warn("\"ostler login\" will not find this hub",
             {{"socket", socket.string()}, {"error", listening.error().message()}});
}

void rethrow(const std::exception_ptr& bug) {
  if (bug) std::rethrow_exception(bug);
}

void start_loops(House& house) {
  asio::co_spawn(house.dispatch_strand, house.dispatch.run(), rethrow);
  asio::co_spawn(house.triggers_strand, house.triggers.run(house.changes), rethrow);
  asio::co_spawn(house.sweeper_strand, house.sweeper.run(), rethrow);
  asio::co_spawn(house.housekeeper_strand, house.housekeeper.run(), rethrow);
  for (int lane = 0; lane < RepositoryWatch::kAtOnce; ++lane) {
    asio::co_spawn(house.repositories_strand, house.repositories.run(lane), rethrow);
  }
  asio::co_spawn(house.webhooks_strand, house.webhooks.run(), rethrow);
}

void stop_loops(House& house) {
  house.dispatch.stop();
  house.triggers.stop();
  house.sweeper.stop();
  house.housekeeper.stop();
  house.repositories.stop();
  house.webhooks.stop();
}

asio::awaitable<void> wait_for_stop_signal(asio::signal_set& signals) {
  const auto [error, number] = co_await signals.async_wait(asio::as_tuple(asio::use_awaitable));
  diag::notice("stopping", {{"signal", std::to_string(number)}});
}

/// The life of the hub once everything is open.
asio::awaitable<Result<void>> live(House& house, const StateDirectory& directory,
                                   const HubOptions& options, net::Listener listener,
                                   const Listening& listening) {
  OSTLER_CO_TRY(co_await found(house, directory, options.organization));
  if (const auto fits = co_await check_secrets_key(house.store, house.vault); !fits) {
    diag::error("goes on, but jobs cannot have their secrets", {{"error", fits.error().message()}});
  }
  OSTLER_CO_TRY(co_await house.dispatch.load());
  OSTLER_CO_TRY(directory.write_url(house.url));
  start_loops(house);
  // Before anybody can know of us: who does may end us.
  asio::signal_set signals(co_await asio::this_coro::executor, SIGTERM, SIGINT);
  house.server.serve(std::move(listener));
  serve_owner(house, directory.owner_socket());
  listening(house.url);
  co_await wait_for_stop_signal(signals);
  co_await house.local_server.stop(kStopGrace);
  co_await house.server.stop(kStopGrace);
  stop_loops(house);
  co_return success();
}

/// Runs `house` until its life ends and nothing is left to do.
Result<void> run_house(House& house, const StateDirectory& directory, const HubOptions& options,
                       net::Listener listener, const Listening& listening) {
  std::optional<Result<void>> outcome;
  asio::co_spawn(
      house.io,
      [&]() -> asio::awaitable<void> {
        outcome.emplace(co_await live(house, directory, options, std::move(listener), listening));
      },
      rethrow);
  std::vector<std::jthread> others;
  for (unsigned count = 1; count < io_threads(); ++count) {
    others.emplace_back([&house] { house.io.run(); });
  }
  house.io.run();
  others.clear();
  return std::move(*outcome);
}

/// Opens the store and runs a house on it.
Result<void> keep_house(const StateDirectory& directory, const HubOptions& hub_options,
                        net::Listener listener, const std::string& url,
                        const Listening& listening) {
  OSTLER_TRY(const auto blobs, store::open_directory_blob_store(directory.blobs()));
  store::SqliteOptions options;
  options.directory = directory.path();
  options.log_limit = hub_options.log_limit;
  options.now = SystemClock().now();
  OSTLER_TRY(const auto store, store::open_sqlite_store(options, *blobs));
  Keys keys{.url = {}, .secrets = {}, .oidc_file = directory.oidc_key()};
  OSTLER_TRY(keys.url, directory.url_key());
  OSTLER_TRY(keys.secrets, directory.secrets_key());
  House house(*store, *blobs, std::move(keys), url, hub_options);
  auto outcome = run_house(house, directory, hub_options, std::move(listener), listening);
  store->close();
  return outcome;
}

}  // namespace

Result<void> run_hub(const HubOptions& options, const Listening& listening) {
  raise_descriptor_limit();
  ::umask(077);                   // the database makes its files itself
  std::signal(SIGPIPE, SIG_IGN);  // sendfile has no other way to be told
  OSTLER_TRY(const auto directory, StateDirectory::open(options.data_path));
  if (std::filesystem::exists(directory.path() / kHalfRestoredName)) {
    return Error(Errc::UserFault, directory.path().string() +
                                      " is half restored; run \"ostler hub restore\" again, with "
                                      "--replace");
  }
  OSTLER_TRY(auto listener, open_listener(options));
  const std::string url = options.public_url.empty() ? url_of(options, listener.port)
                                                     : without_slash(options.public_url);
  auto outcome = keep_house(directory, options, std::move(listener), url, listening);
  if (outcome || outcome.error().code() == Errc::UserFault) return outcome;
  return std::move(outcome).error().with_context(directory.path().string());
}

}  // namespace ostler::hub
