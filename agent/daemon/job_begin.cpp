// SPDX-License-Identifier: Apache-2.0
// How a job gets its keeper and its right to run: the first half of JobRun.
#include "daemon/job_environment.hpp"
#include "daemon/job_run.hpp"
#include "diag/log.hpp"
#include "files/file.hpp"
#include "journal/reader.hpp"
#include "journal/ship_file.hpp"
#include "net/until.hpp"
#include "supervise/job_document.hpp"
#include "wire/secrets_config.hpp"

namespace ostler::daemon {
namespace {

constexpr const char* kSecretsConfig = "BUILDKITE_SECRETS_CONFIG";

namespace asio = boost::asio;

/// How long a keeper may take to go away.
constexpr std::chrono::seconds kAbandonTime{5};

void log_failure(std::string_view what, const std::string& job, const Error& error) {
  diag::error(what, {{"job", job}, {"error", error.message()}});
}

}  // namespace

asio::awaitable<bool> JobRun::begin(Origin origin) {
  if (origin == Origin::Adopted) co_return co_await begin_adopted();
  const auto stored = session_->assign(job_);
  if (!stored) {
    log_failure("a job cannot be taken, its id cannot be stored", job_, stored.error());
    co_return false;
  }
  co_return co_await begin_new(origin);
}

/// The keeper and its worker start while the server answers to accept; an answer to acquire may
/// take minutes, and they start after it.
asio::awaitable<bool> JobRun::begin_new(Origin origin) {
  const auto made = files::ensure_private_directory(directory());
  if (!made) {
    log_failure("a job cannot be taken", job_, made.error());
    remove_leftovers();
    co_return false;
  }
  tasks_.spawn(ask_to_accept(origin));
  if (origin == Origin::Acquired) co_await accept_over_.wait();
  if (!accept_over_.is_set() || *accepted_) co_await begin_keeper();
  co_return co_await accept_and_hand_over();
}

asio::awaitable<void> JobRun::begin_keeper() {
  if (!start_keeper()) co_return;
  auto welcome = co_await keeper_->greet();
  if (welcome) {
    welcome_ = welcome.value();
    co_return;
  }
  log_failure("a job's keeper does not start", job_, welcome.error());
  co_await keeper_->reap();
  retire_keeper();
}

bool JobRun::start_keeper() {
  auto link = KeeperLink::start(parts_.strand, place());
  if (!link) {
    log_failure("a job's keeper cannot be started", job_, link.error());
    return false;
  }
  keeper_ = std::move(link).value();
  return true;
}

asio::awaitable<void> JobRun::ask_to_accept(Origin origin) {
  const auto begun = parts_.clock.since_boot();
  if (origin == Origin::Acquired) {
    accepted_ = co_await net::until(stop_asking_, parts_.api.acquire(session_->peer(), job_));
  } else {
    accepted_ = co_await parts_.api.accept(session_->peer(), job_);
  }
  if (*accepted_) {
    session_->renew_lease(begun);
    store_record(accepted_->value());
    open_shipment();
  }
  accept_over_.set();
}

/// Waits for the answer to accept; whether the job is ours to run and report on.
asio::awaitable<bool> JobRun::accept_and_hand_over() {
  co_await accept_over_.wait();
  if (!*accepted_) {
    diag::notice("the job is not ours", {{"job", job_}, {"error", accepted_->error().message()}});
    co_await abandon();
    co_return false;
  }
  if (shipment_ == nullptr) {
    co_await abandon();
    co_return false;
  }
  diag::notice("job accepted", {{"job", job_}, {"agent", session_->record().name}});
  if (keeper_ != nullptr) co_await hand_over(std::move(accepted_->value().job));
  co_return true;
}

void JobRun::store_record(const agent_client::Accepted& accepted) {
  const SessionRecord& session = session_->record();
  const auto build = accepted.job.env.find("BUILDKITE_BUILD_ID");
  record_.job = job_;
  record_.build = build == accepted.job.env.end() ? "" : build->second;
  record_.session = session.key;
  record_.token = accepted.job.token.empty() ? session.token : accepted.job.token;
  record_.endpoint = session.endpoint;
  record_.request_headers = session.request_headers;
  record_.chunk_size = static_cast<std::uint64_t>(accepted.job.chunks_max_size_bytes);
  record_.chunk_interval =
      std::chrono::seconds(std::max<std::int64_t>(accepted.job.chunks_interval_seconds, 1));
  record_.waits = accepted.waits;
  record_.gives_plugins = accepted.gives_plugins;
  record_.services = accepted.services;
  record_.takes_events = accepted.takes_events;
  record_.started_at_micros = parts_.clock.now().micros;
  const auto saved = parts_.state.save(record_);
  if (!saved) log_failure("a job's record cannot be stored", job_, saved.error());
}

/// Before the keeper is there if need be: its journal may begin later.
bool JobRun::open_shipment() {
  uplink::ShipmentOptions options;
  options.job = job_;
  options.peer = record_.peer();
  options.directory = directory();
  options.chunk_size = record_.chunk_size;
  options.interval = record_.chunk_interval;
  options.started_at = Timestamp{record_.started_at_micros};
  options.ignore_agent_in_dispatches = parts_.config.disconnect_after_job;
  options.takes_events = record_.takes_events;
  auto shipment =
      uplink::Shipment::open({parts_.strand, parts_.pool, parts_.api, parts_.clock, parts_.metrics},
                             std::move(options), *this);
  if (!shipment) {
    log_failure("a job's journal cannot be opened", job_, shipment.error());
    return false;
  }
  shipment_ = std::move(shipment).value();
  return true;
}

/// Gives the keeper the job, and what came in before it had it.
asio::awaitable<void> JobRun::hand_over(wire::Job job) {
  supervise::JobDocument document;
  document.job_id = job_;
  document.env = job_environment(parts_, record_, std::move(job.env));
  document.env.erase(kSecretsConfig);  // it is the step's to say
  if (std::string secrets = wire::secrets_config_of(job.step); !secrets.empty()) {
    document.env[kSecretsConfig] = std::move(secrets);
  }
  document.job_socket = parts_.runtime.job_socket(job_).string();
  (void)co_await keeper_->send(supervise::Job{encode(document)});  // follow_keeper sees a failure
  is_handed_over_ = true;
  if (lease_) tasks_.spawn(send_lease(*lease_));
  if (cancel_) tasks_.spawn(send_cancel(*cancel_));
}

asio::awaitable<void> JobRun::abandon() {
  if (keeper_ != nullptr) {
    (void)co_await keeper_->send(supervise::Abandon{});
    co_await keeper_->listen(*this, kAbandonTime);
    co_await keeper_->reap();
    retire_keeper();
  }
  co_await end_tasks();
  remove_leftovers();
}

/// Finds out how far the agent before got with the job, and goes on from there.
asio::awaitable<bool> JobRun::begin_adopted() {
  if (co_await join_keeper()) {
    if (welcome_->state == supervise::KeeperState::Waiting) {
      if (session_ == nullptr) {
        co_await abandon();
        co_return false;
      }
      tasks_.spawn(ask_to_accept(origin_of_new()));
      co_return co_await accept_and_hand_over();
    }
    is_handed_over_ = true;
  } else if (has_never_begun()) {
    const auto removed = parts_.state.remove_job(job_);
    if (!removed) log_failure("an earlier agent's files stay behind", job_, removed.error());
    if (session_ == nullptr || !removed) co_return false;
    co_return co_await begin(origin_of_new());
  }
  auto record = parts_.state.job(job_);
  if (!record) {
    log_failure("a job's record is lost, its reports cannot be delivered", job_, record.error());
    remove_leftovers();
    co_return false;
  }
  record_ = std::move(record).value();
  diag::notice("job adopted", {{"job", job_}, {"lives", keeper_ != nullptr ? "yes" : "no"}});
  co_return open_shipment();
}

/// How a job that an earlier agent did not get is asked for again.
JobRun::Origin JobRun::origin_of_new() const {
  return job_ == parts_.config.acquire_job ? Origin::Acquired : Origin::Offered;
}

/// Whether no process of the user can have run and nothing was reported: the job may be accepted
/// (again) and run.
bool JobRun::has_never_begun() const {
  std::error_code ec;
  if (!std::filesystem::exists(directory(), ec)) return true;
  const auto ship = journal::ShipFile::open(directory() / "ship");
  if (!ship || ship.value().state().next_offset > 0 || ship.value().state().milestones != 0) {
    return false;
  }
  auto reader = journal::Reader::open(directory());
  if (!reader) return false;
  for (;;) {
    const auto record = reader.value().next();
    if (!record) return false;
    if (!record.value()) return true;
    const auto type = record.value()->type;
    if (type == journal::RecordType::Started || type == journal::RecordType::Verdict) return false;
  }
}

}  // namespace ostler::daemon
