// SPDX-License-Identifier: Apache-2.0
#include "hub/trigger_driver.hpp"

#include <chrono>
#include <utility>

#include "diag/log.hpp"
#include "hub/rest_api/build_plan.hpp"
#include "hub/triggered_request.hpp"

namespace ostler::hub {

namespace asio = boost::asio;

namespace {

constexpr std::int64_t kMostAtOnce = 50;
/// What nobody was woken for, such as what a full disk has held up, is looked for again.
constexpr std::chrono::seconds kLookAgain{5};

bool is_for_good(const Error& error) {
  return error.code() == Errc::UserFault || error.code() == Errc::Conflict ||
         error.code() == Errc::NotFound;
}

}  // namespace

TriggerDriver::TriggerDriver(const asio::any_io_executor& executor, store::Store& store,
                             const Clock& clock, BlockingPool& blocking, DiskGuard& disk,
                             Settings settings)
    : store_(store),
      clock_(clock),
      blocking_(blocking),
      disk_(disk),
      settings_(std::move(settings)),
      work_(executor) {}

asio::awaitable<void> TriggerDriver::run(rest_api::ChangeListener& listener) {
  while (!stopping_) {
    const bool more = co_await make_some(listener);
    if (!more && !stopping_) co_await work_.wait(kLookAgain);
  }
}

void TriggerDriver::stop() {
  stopping_ = true;
  work_.wake();
}

void TriggerDriver::changed(const std::vector<JobId>& triggers) {
  if (!triggers.empty()) work_.wake();
}

/// Whether there may be more to do at once.
asio::awaitable<bool> TriggerDriver::make_some(rest_api::ChangeListener& listener) {
  const auto pending = co_await store_.pending_triggers(kMostAtOnce);
  if (!pending) co_return false;
  bool all_made = !pending.value().empty();
  for (const JobId job : pending.value()) {
    if (stopping_ || !disk_.admit()) co_return false;
    auto made = co_await make(job);
    if (!made && is_for_good(made.error())) {
      made = co_await store_.refuse_trigger(
          {.job = job, .fault = made.error().message(), .now = clock_.now()});
    }
    if (made) {
      listener.changed(made.value());
    } else {
      all_made = false;
      diag::warn("cannot make the build of a trigger, trying again",
                 {{"job", job.str()}, {"error", made.error().message()}});
    }
  }
  co_return all_made;
}

asio::awaitable<Result<store::FollowUps>> TriggerDriver::make(JobId id) {
  OSTLER_CO_TRY(const model::Job job, co_await store_.job(id));
  OSTLER_CO_TRY(const model::Build parent, co_await store_.build(job.step.build));
  OSTLER_CO_TRY(const model::Pipeline origin, co_await store_.pipeline(parent.pipeline));
  OSTLER_CO_TRY(const model::Organization organization,
                co_await store_.organization(origin.organization));
  const model::Trigger& trigger = *job.step.trigger;
  const auto found = co_await store_.pipeline_by_slug(organization.id, trigger.pipeline);
  if (!found && found.error().code() == Errc::NotFound) {
    co_return Error(Errc::NotFound, "there is no pipeline \"" + trigger.pipeline + "\"");
  }
  OSTLER_CO_TRY(const model::Pipeline& pipeline, found);
  const TriggeringJob from{.job = job, .build = parent, .pipeline = origin};
  OSTLER_CO_TRY(check_may_trigger(from, pipeline));
  const model::BuildRequest request = triggered_request(from, pipeline);
  const model::User creator = parent.creator.value_or(model::User());
  const rest_api::PlannedBuild planned{.organization = organization,
                                       .pipeline = pipeline,
                                       .request = request,
                                       .creator = creator,
                                       .public_url = settings_.public_url,
                                       .source = model::BuildSource::TriggerJob,
                                       .triggered_from = origin_of(from),
                                       .most_jobs = settings_.most_jobs};
  pipeline::Plan plan;
  OSTLER_CO_TRY(co_await blocking_.run([&]() -> Result<void> {
    OSTLER_TRY(plan, rest_api::plan_build(planned));
    return success();
  }));
  store::CreateBuild command{
      .pipeline = pipeline.id,
      .source = model::BuildSource::TriggerJob,
      .creator = parent.creator ? std::optional(parent.creator->id) : std::optional<UserId>(),
      .request = request,
      .meta_data = trigger.meta_data,
      .plan = std::move(plan),
      .triggered_by = id,
      .now = clock_.now()};
  auto created = co_await store_.create_build(std::move(command));
  if (!created) co_return rest_api::shown_refusal(std::move(created).error(), pipeline);
  co_return std::move(created.value().follow_ups);
}

}  // namespace ostler::hub
