// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "hub/agent_api/handlers.hpp"
#include "store/plugin_records.hpp"
#include "wire/agent_api_plugin_locks.hpp"

namespace ostler::agent_api {
namespace {

/// Where people see a job.
boost::asio::awaitable<std::string> address_of_holder(const Backend& backend, JobId job) {
  const auto variables = co_await backend.store.job_environment(job, backend.public_url);
  if (!variables) co_return "";  // it ended meanwhile, and was removed
  for (const auto& [name, value] : variables.value()) {
    if (name == "BUILDKITE_BUILD_URL") co_return value + "#" + job.str();
  }
  co_return "";
}

/// What a plugin can tell from a lock that its job has.
Error refusal_of_wish(Error error) {
  return error.code() == Errc::UserFault ? std::move(error).with_native(wire::kTooManyLocks)
                                         : error;
}

Answer lock_answer(const Backend& backend, store::LockStanding standing) {
  wire::LockAnswer answer{.fence = standing.fence, .ahead = standing.ahead};
  if (standing.holder) answer.holder = co_await address_of_holder(backend, *standing.holder);
  co_return ok(wire::encode(answer));
}

}  // namespace

Answer take_lock(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const auto job, co_await running_job_of(backend, call));
  OSTLER_CO_TRY(auto wanted, wire::decode_lock_request(call.body));
  const store::LockWish wish{job.id, std::move(wanted.request)};
  store::PluginRecords& records = backend.store.plugin_records();
  hub::JobWatch::Entry entry(backend.job_watch, job.id, co_await hub::this_executor());
  auto taken = co_await records.take_lock({wish, std::move(wanted.name), backend.clock.now()});
  if (!taken) co_return refusal_of_wish(std::move(taken).error());
  store::LockStanding standing = std::move(taken).value();
  const auto limit = wait_of(call);
  if (!standing.fence && limit.count() > 0) {
    co_await hub::enable_total_cancellation();
    call.request.peer->cancel_on_hang_up();
    co_await entry.waiter()->wait(limit);
    OSTLER_CO_TRY(standing, co_await records.lock_standing(wish));
  }
  co_return co_await lock_answer(backend, std::move(standing));
}

/// A call that waits for it ends, too.
Answer leave_lock(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const auto job, co_await running_job_of(backend, call));
  OSTLER_CO_TRY(auto request, wire::decode_lock_leave(call.body));
  auto given = co_await backend.store.plugin_records().leave_lock(
      {{job.id, std::move(request)}, backend.clock.now()});
  if (!given) co_return refusal_of_wish(std::move(given).error());
  given.value().push_back(job.id);
  backend.job_watch.changed(given.value());
  co_return ok("{}");
}

}  // namespace ostler::agent_api
