// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <nlohmann/json.hpp>

#include "checkout/checkout.hpp"
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

}  // namespace

// Started by the worker: the job's environment in, its log on standard output, the result as JSON
// on descriptor 4.
int run_job_checkout(const Arguments&) {
  const git::Library library;
  checkout::JobLog log(STDOUT_FILENO);
  checkout::Interrupter interrupter;
  const auto settings = checkout::read_settings(environment::variables_of_process());
  if (!settings) return report(log, settings.error(), 0);
  const auto done = checkout::check_out(settings.value(), log, interrupter);
  if (!done) return report(log, done.error(), interrupter.signal());
  hand_over(done.value());
  return kExitOk;
}

}  // namespace ostler::cli
