// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <nlohmann/json.hpp>

#include "agent_client/transport_from_environment.hpp"
#include "checkout/checkout.hpp"
#include "checkout/commit_meta_data.hpp"
#include "cli/run_functions.hpp"
#include "environment/variables.hpp"
#include "files/file.hpp"
#include "git/library.hpp"

namespace ostler::cli {
namespace {

constexpr int kResultFd = 4;

void hand_over(const checkout::CheckedOut& done) {
  if (::fcntl(kResultFd, F_GETFD) < 0) return;  // started by hand
  const nlohmann::json result{{"commit", done.commit}, {"mirror", done.mirror.string()}};
  static_cast<void>(files::write_all(kResultFd, result.dump() + "\n").has_value());
}

int report(checkout::JobLog& log, const Error& error, int signal) {
  if (error.code() == Errc::Cancelled && signal != 0) {
    log.comment("Checkout stopped by a signal");
    return 128 + signal;
  }
  log.error(error.message());
  return error.native() == checkout::kMirrorLockTimeout ? checkout::kMirrorLockTimeout
                                                        : kExitFailed;
}

// A job does not wait long for an agent that is just being restarted: without this the commit is
// built all the same.
void send_meta_data(checkout::JobLog& log, const checkout::Settings& settings,
                    const git::CommitDescription& commit) {
  constexpr std::chrono::seconds kPatience{20};
  if (settings.commit_resolved) {
    log.comment("BUILDKITE_COMMIT is already resolved and meta-data populated, skipping");
    return;
  }
  const auto transport =
      agent_client::transport_from_environment(agent_client::Route::JobSocketFirst, kPatience);
  const auto sent =
      transport ? checkout::send_commit_meta_data(commit, settings.job, *transport.value(), log)
                : Result<void>(transport.error());
  if (!sent) log.warning("The commit's meta-data was not sent: " + sent.error().message());
}

}  // namespace

// Started by the worker: the job's environment in, its log on standard output, the result as JSON
// on descriptor 4.
int run_job_checkout(const Arguments&) {
  const git::Library library;
  checkout::JobLog log(STDOUT_FILENO);
  checkout::Interrupter interrupter;
  const auto settings = checkout::read_settings(environment::variables_of_process());
  ::unsetenv("BUILDKITE_GIT_SSH_KEY");  // of no use to the programs that a checkout starts
  if (!settings) return report(log, settings.error(), 0);
  const auto done = checkout::check_out(settings.value(), log, interrupter);
  if (!done) return report(log, done.error(), interrupter.signal());
  send_meta_data(log, settings.value(), done.value().description);
  hand_over(done.value());
  return kExitOk;
}

}  // namespace ostler::cli
