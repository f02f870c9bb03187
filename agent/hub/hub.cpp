// SPDX-License-Identifier: Apache-2.0
#include "hub/hub.hpp"

#include <sys/resource.h>
#include <sys/stat.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "diag/log.hpp"
#include "hub/house.hpp"
#include "hub/public_listener.hpp"
#include "hub/rest_api/routes.hpp"
#include "hub/state_directory.hpp"
#include "hub/upkeep/hub_files.hpp"
#include "hub/upkeep/key_check.hpp"
#include "model/slug.hpp"
#include "store/directory_blob_store.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace ostler::hub {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::seconds kStopGrace{10};

/// Every connected agent holds a descriptor; take as many as the system gives.
void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

/// One thread serves thousands of agents; more help only where there are cores to spare.
unsigned io_threads() { return std::clamp(std::thread::hardware_concurrency() / 4, 1u, 4u); }

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
  OSTLER_TRY(auto listener, open_public_listener(options));
  const std::string url = public_url(options, listener.port);
  auto outcome = keep_house(directory, options, std::move(listener), url, listening);
  if (outcome || outcome.error().code() == Errc::UserFault) return outcome;
  return std::move(outcome).error().with_context(directory.path().string());
}

}  // namespace ostler::hub
