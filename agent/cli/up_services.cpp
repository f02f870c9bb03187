// SPDX-License-Identifier: Apache-2.0
#include "cli/up_services.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "cli/plugin_place.hpp"
#include "cli/service_process.hpp"
#include "diag/log.hpp"

namespace ostler::cli {
namespace {

using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr auto kLongestDelay = 30s;
constexpr auto kGoodLife = 1min;  ///< a service that lasted so long is started again at once
constexpr auto kHubTime = 15s;    ///< its grace for requests under way, and some more
/// Makes an agent end at once and leave its jobs to the next one.
constexpr int kDetachJobs = SIGUSR1;

void add_flag(std::vector<std::string>& words, const char* flag, const std::string& value) {
  if (!value.empty()) words.insert(words.end(), {flag, value});
}

/// Where a listener of this machine is reached from this machine.
std::string loopback_of(std::string address) {
  for (const std::string_view any : {"0.0.0.0:", "[::]:", ":"}) {
    if (address.starts_with(any)) return "127.0.0.1:" + address.substr(any.size());
  }
  return address;
}

}  // namespace

Result<void> UpServices::start() {
  OSTLER_TRY(start_hub());
  OSTLER_TRY(start_agent());
  return success();
}

Result<void> UpServices::start_hub() {
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) return Error::from_errno(errno, "pipe");
  hub_output_.reset(pipe[0]);
  UniqueFd output(pipe[1]);
  ServiceStart start{.words = {"hub", "--listen", listen_, "--data-path", options_.places.hub()},
                     .variables = {},
                     .directory = options_.places.root,
                     .output = output.get(),
                     .errors = STDERR_FILENO,
                     .parent_death_signal = SIGTERM};
  add_flag(start.words, "--public-url", options_.public_url);
  add_flag(start.words, "--tls-cert", options_.tls_certificate);
  add_flag(start.words, "--tls-key", options_.tls_key);
  add_flag(start.words, "--org", options_.organization);
  add_flag(start.words, "--max-log-size", options_.max_log_size);
  OSTLER_TRY(auto child, start_service(start));
  hub_.begin(std::move(child));
  output.reset();
  OSTLER_TRY(url_, read_listening_url(hub_output_.get()));
  // Started again it must be found where it was, also when the system chose the port.
  if (options_.public_url.empty()) listen_ = url_.substr(url_.find("://") + 3);
  return success();
}

/// With TLS it is the URL that the certificate is for.
std::string UpServices::own_endpoint() const {
  const bool has_tls = !options_.tls_certificate.empty();
  return (has_tls ? url_ : "http://" + loopback_of(listen_)) + "/v3";
}

Result<void> UpServices::start_agent() {
  const UpPlaces& places = options_.places;
  ServiceStart start{
      .words = {"agent", "start", "--endpoint", own_endpoint(), "--follow-endpoint", "--token",
                "file://" + (places.hub() / "agent-token").string(), "--state-path", places.agent(),
                "--build-path", places.builds(), "--git-mirrors-path", places.mirrors(), "--spawn",
                std::to_string(options_.slots)},
      .variables = {},
      .directory = places.root,
      .output = STDERR_FILENO,
      .errors = STDERR_FILENO,
      .parent_death_signal = kDetachJobs};
  for (std::string& word : plugin_store_flag()) start.words.push_back(std::move(word));
  add_flag(start.words, "--tags", options_.tags);
  add_flag(start.words, "--plugin-services", options_.plugin_services);
  add_flag(start.words, "--plugin-secrets-put", options_.plugin_secrets_put);
  OSTLER_TRY(auto child, start_service(start));
  agent_.begin(std::move(child));
  return success();
}

void UpServices::run() {
  while (stops_ == 0 || agent_.child) {
    wait();
    take_signals();
    see_ended(hub_);
    see_ended(agent_);
    start_again();
  }
  stop_hub();
}

/// Returns when a signal came, a service ended, or one is to be started.
void UpServices::wait() {
  std::array<pollfd, 3> watched{{{signals_.fd(), POLLIN, 0}, {-1, POLLIN, 0}, {-1, POLLIN, 0}}};
  auto next = SteadyClock::now() + 1h;
  for (const auto& [service, at] : {std::pair(&hub_, 1), std::pair(&agent_, 2)}) {
    if (service->child) {
      watched[static_cast<std::size_t>(at)].fd = service->child->pidfd();
    } else {
      next = std::min(next, service->start_at);
    }
  }
  const auto left = std::chrono::ceil<milliseconds>(next - SteadyClock::now());
  ::poll(watched.data(), watched.size(), static_cast<int>(std::max(left, 0ms).count()));
}

/// The agent knows the same steps: drain, cancel, end at once. Two signals of one number merge when
/// the second is quick, so each step has its own; of two that wait the lower comes first.
void UpServices::take_signals() {
  while (signals_.take()) {
    ++stops_;
    if (stops_ == 1) diag::notice("draining: waits for running jobs; once more cancels them");
    if (stops_ == 2) diag::notice("canceling running jobs; once more ends without them");
    if (agent_.child) agent_.child->signal(stops_ == 1 ? SIGINT : SIGQUIT);
    if (stops_ < 3) continue;
    if (agent_.child) agent_.child->signal(SIGKILL);
    if (hub_.child) hub_.child->signal(SIGKILL);
  }
}

void UpServices::see_ended(Service& service) {
  if (!service.child) return;
  const auto status = service.child->try_wait();
  if (!status) return;
  service.child.reset();
  const auto now = SteadyClock::now();
  const bool was_fine = now - service.started_at > kGoodLife;
  service.delay = was_fine ? 1s : std::min<std::chrono::seconds>(2 * service.delay, kLongestDelay);
  service.start_at = now + service.delay;
  if (stops_ > 0) return;
  diag::error(
      std::string(service.name) + " ended by itself and is started again",
      {{"ended", process::describe(*status)}, {"seconds", std::to_string(service.delay.count())}});
}

/// A draining agent needs its hub; nothing else is started once we are to stop.
void UpServices::start_again() {
  const auto now = SteadyClock::now();
  const auto begin = [now](Service& service, auto start) {
    if (service.child || now < service.start_at) return;
    const auto started = start();
    if (started) return;
    service.start_at = now + service.delay;
    diag::error("cannot start " + std::string(service.name),
                {{"error", started.error().message()}});
  };
  if (stops_ < 3) begin(hub_, [this] { return start_hub(); });
  if (stops_ == 0) begin(agent_, [this] { return start_agent(); });
}

void UpServices::stop_hub() {
  if (!hub_.child) return;
  hub_.child->signal(SIGTERM);
  if (hub_.child->wait(kHubTime)) return;
  hub_.child->signal(SIGKILL);
}

}  // namespace ostler::cli
