// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "diag/hub_metrics.hpp"
#include "hub/artifact_links.hpp"
#include "hub/asked_repositories.hpp"
#include "hub/blocking_pool.hpp"
#include "hub/changes.hpp"
#include "hub/disk_guard.hpp"
#include "hub/dispatch.hpp"
#include "hub/line_budget.hpp"
#include "hub/oidc_issuer.hpp"
#include "hub/secret_vault.hpp"
#include "hub/watch.hpp"
#include "net/http_server.hpp"
#include "store/blob_store.hpp"
#include "store/store.hpp"
#include "wire/agent_api.hpp"

// The Agent API of the hub: routes are a table (routes.hpp), each handler a function from a Call
// to a response, and AgentApi (agent_api.hpp) checks the token and reads the body before it calls
// one. Source: reference/agent-api.md.
namespace ostler::agent_api {

/// What handlers act on. All of it outlives them.
struct Backend {
  store::Store& store;
  const store::BlobStore& blobs;
  const Clock& clock;
  hub::Dispatch& dispatch;
  hub::JobWatch& job_watch;
  hub::AgentWatch& agent_watch;
  hub::Changes& changes;
  hub::BlockingPool& blocking;
  const hub::ArtifactLinks& links;
  const hub::SecretVault& vault;
  hub::OidcIssuer& issuer;
  hub::DiskGuard& disk;
  diag::HubMetrics& metrics;
  hub::LineBudget& lines;
  hub::AskedRepositories& asked_repositories;
  std::string public_url;         ///< base of every address, without a slash at its end
  std::size_t most_jobs = 4'000;  ///< of a build
  std::int64_t log_limit = std::int64_t{1} << 30;  ///< bytes of a job's log
};

/// One request that has passed the checks of its route.
struct Call {
  net::ServerRequest& request;  ///< its body has been read
  std::string body = {};
  Secret token = {};
  std::string id = {};  ///< the job or build that the path names; empty when it names none
  AgentId agent = {};   ///< who calls; not set for registration
  std::optional<store::AgentTokenHolder> registration = {};
  std::optional<store::JobHolder> job_holder = {};  ///< when the token is a job's
};

using Answer = boost::asio::awaitable<Result<net::ServerResponse>>;
/// `backend` outlives the coroutine.
using Handler = Answer (*)(const Backend& backend, Call call);

/// An answer with a JSON body.
inline net::ServerResponse ok(std::string json) { return net::json_response(200, std::move(json)); }

/// The job of a `jobs/:id` path. Errors: NotFound when it is no id.
Result<JobId> job_of(const Call& call);
/// What an agent is told, whatever there is to do.
wire::PingAction action_for(const model::Agent& agent);
/// Whether an agent is free to take a job.
bool may_be_offered_a_job(const model::Agent& agent);
/// The caller's own job, which a `jobs/:id/...` path names.
struct OwnJob {
  JobId job;
  BuildId build;
};
/// Whether the caller may read the meta-data and artifacts of a build: its own, or another of its
/// cluster. Errors: NotFound when not.
boost::asio::awaitable<Result<void>> check_readable(const Backend& backend, const Call& call,
                                                    BuildId build);
/// Errors: NotFound when the job is not the caller's.
boost::asio::awaitable<Result<OwnJob>> own_job(const Backend& backend, const Call& call);
/// The whole number that a value of a call is, white space after it left aside. Errors: UserFault.
Result<std::int64_t> whole_number(std::string_view text);
/// The job of a `jobs/:id` path, which its agent has and which is not over: what may ask for
/// secrets and tokens. Errors: NotFound; Conflict when it is over.
boost::asio::awaitable<Result<model::Job>> running_job_of(const Backend& backend, const Call& call);
/// The seconds of `wait=`, at most 60; zero when there is none.
std::chrono::seconds wait_of(const Call& call);

}  // namespace ostler::agent_api
