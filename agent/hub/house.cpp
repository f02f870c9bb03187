// SPDX-License-Identifier: Apache-2.0
#include "hub/house.hpp"

namespace ostler::hub {

namespace {

constexpr std::size_t kBlockingThreads = 4;

}  // namespace

House::House(store::Store& the_store, store::BlobStore& blobs, Keys keys, std::string public_url,
             const HubOptions& options)
    : store(the_store),
      url(std::move(public_url)),
      blocking(kBlockingThreads),
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

}  // namespace ostler::hub
