// SPDX-License-Identifier: Apache-2.0
#include "hub/repository_watch.hpp"

#include <algorithm>

#include "agent_client/retry.hpp"
#include "diag/log.hpp"
#include "hub/branch_listing.hpp"
#include "hub/rest_api/build_plan.hpp"
#include "pipeline/branch_filter.hpp"

namespace ostler::hub {

namespace asio = boost::asio;

namespace {

using std::chrono::seconds;

constexpr seconds kWatchTick{1};
constexpr seconds kPatience{60};        // for one listing
constexpr seconds kLongestPause{3600};  // after failures, unless the interval itself is longer
// Heads beyond it stay fresh and are built after the next look.
constexpr std::size_t kMostBuilds = 20;

// With a tenth more at most, so that pipelines of one server do not ask at the same time.
Timestamp after(Timestamp now, seconds interval) {
  const auto whole = std::chrono::duration_cast<std::chrono::microseconds>(interval);
  const double extra = static_cast<double>(whole.count()) * agent_client::jitter() / 10;
  return now + whole + std::chrono::microseconds(static_cast<std::int64_t>(extra));
}

seconds pause_after(const store::DuePoll& due) {
  constexpr int kMostDoublings = 12;
  const seconds grown = seconds(due.seconds) * (1 << std::min(due.failures, kMostDoublings));
  return std::min(grown, std::max(kLongestPause, seconds(due.seconds)));
}

model::BuildRequest request_for(const model::BranchHead& head) {
  model::BuildRequest request;
  request.branch = head.branch;
  request.commit = head.commit;
  request.message = model::message_until_told(head);
  return request;
}

}  // namespace

RepositoryWatch::RepositoryWatch(const asio::any_io_executor& executor, store::Store& store,
                                 const Clock& clock, rest_api::ChangeListener& listener,
                                 BlockingPool& blocking, DiskGuard& disk, std::string public_url,
                                 std::size_t most_jobs)
    : store_(store),
      clock_(clock),
      listener_(listener),
      blocking_(blocking),
      disk_(disk),
      public_url_(std::move(public_url)),
      most_jobs_(most_jobs) {
  for (int lane = 0; lane < kAtOnce; ++lane) pauses_.push_back(std::make_unique<Waiter>(executor));
}

asio::awaitable<void> RepositoryWatch::run(int lane) {
  Waiter& pause = *pauses_[static_cast<std::size_t>(lane)];
  while (!stopping_) {
    const bool looked = co_await look_at_one();
    if (!looked && !stopping_) co_await pause.wait(kWatchTick);
  }
}

void RepositoryWatch::stop() {
  stopping_ = true;
  for (const auto& pause : pauses_) pause->wake();
}

/// Whether there was one. A store that does not answer is asked again at the next tick.
asio::awaitable<bool> RepositoryWatch::look_at_one() {
  const auto due = co_await store_.due_polls(clock_.now(), 2 * kAtOnce);
  if (!due) co_return false;
  auto mine = claim(due.value());
  if (!mine) co_return false;
  const PipelineId pipeline = mine->pipeline;
  co_await look(std::move(*mine));
  busy_.with([&](auto& busy) { busy.erase(pipeline); });
  co_return true;
}

std::optional<store::DuePoll> RepositoryWatch::claim(const std::vector<store::DuePoll>& due) {
  return busy_.with([&](auto& busy) -> std::optional<store::DuePoll> {
    for (const store::DuePoll& one : due) {
      if (busy.insert(one.pipeline).second) return one;
    }
    return std::nullopt;
  });
}

asio::awaitable<void> RepositoryWatch::look(store::DuePoll due) {
  auto heads = co_await list_branches(due.repository, kPatience, stopping_);
  if (stopping_) co_return;
  if (!heads) co_return co_await postpone(std::move(due), std::move(heads).error());
  auto taken = co_await store_.take_heads({.pipeline = due.pipeline,
                                           .heads = std::move(heads).value(),
                                           .next = after(clock_.now(), seconds(due.seconds))});
  if (!taken) co_return;  // nobody wants it any more, or the store does not answer
  if (due.failures > 0) {
    diag::notice("lists the branches of a repository again", {{"pipeline", due.pipeline.str()}});
  }
  auto& fresh = taken.value().fresh;
  if (fresh.size() > kMostBuilds) fresh.resize(kMostBuilds);
  for (model::BranchHead& head : fresh) {
    const auto built = co_await build(due.pipeline, head);
    if (built) continue;
    diag::warn("cannot build a new commit, trying again after the next look",
               {{"pipeline", due.pipeline.str()},
                {"branch", head.branch},
                {"error", built.error().message()}});
    co_return;
  }
}

/// Only the first failure of a row is told.
asio::awaitable<void> RepositoryWatch::postpone(store::DuePoll due, Error error) {
  const seconds pause = pause_after(due);
  const auto postponed = co_await store_.postpone_poll({due.pipeline, after(clock_.now(), pause)});
  if (due.failures > 0 || !postponed) co_return;
  diag::warn("cannot list the branches of a repository, trying again, ever less often",
             {{"pipeline", due.pipeline.str()},
              {"next_seconds", std::to_string(pause.count())},
              {"error", error.message()}});
}

asio::awaitable<Result<void>> RepositoryWatch::build(PipelineId id, model::BranchHead head) {
  OSTLER_CO_TRY(disk_.admit());
  OSTLER_CO_TRY(auto pipeline, co_await store_.pipeline(id));
  if (!pipeline::matches_branch(pipeline.settings.branch_configuration, head.branch)) {
    co_return co_await store_.pass_head({id, std::move(head)});
  }
  auto created = co_await create(std::move(pipeline), head);
  if (created) co_return success();
  const Errc code = created.error().code();
  if (code == Errc::Conflict || code == Errc::NotFound) co_return success();
  if (code != Errc::UserFault) co_return std::move(created).error();
  diag::warn("makes no build of a new commit: the pipeline's configuration is wrong",
             {{"pipeline", id.str()},
              {"branch", head.branch},
              {"commit", head.commit},
              {"error", created.error().message()}});
  co_return co_await store_.pass_head({id, std::move(head)});
}

asio::awaitable<Result<void>> RepositoryWatch::create(model::Pipeline pipeline,
                                                      model::BranchHead head) {
  OSTLER_CO_TRY(const auto organization, co_await store_.organization(pipeline.organization));
  const model::BuildRequest request = request_for(head);
  const model::User nobody{};
  const rest_api::PlannedBuild planned{.organization = organization,
                                       .pipeline = pipeline,
                                       .request = request,
                                       .creator = nobody,
                                       .public_url = public_url_,
                                       .source = model::BuildSource::Webhook,
                                       .most_jobs = most_jobs_};
  pipeline::Plan plan;
  OSTLER_CO_TRY(co_await blocking_.run([&]() -> Result<void> {
    OSTLER_TRY(plan, rest_api::plan_build(planned));
    return success();
  }));
  OSTLER_CO_TRY(auto created, co_await store_.create_build({.pipeline = pipeline.id,
                                                            .source = model::BuildSource::Webhook,
                                                            .request = request,
                                                            .meta_data = {},
                                                            .plan = std::move(plan),
                                                            .is_polled = true,
                                                            .now = clock_.now()}));
  listener_.changed(created.follow_ups);
  diag::info("builds a new commit",
             {{"build", created.build.id.str()}, {"branch", head.branch}, {"commit", head.commit}});
  co_return success();
}

}  // namespace ostler::hub
