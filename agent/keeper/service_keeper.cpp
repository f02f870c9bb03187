// SPDX-License-Identifier: Apache-2.0
#include "keeper/service_keeper.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <string>
#include <string_view>

#include "files/file.hpp"
#include "files/file_lock.hpp"
#include "keeper/keeper.hpp"
#include "keeper/service_loop.hpp"
#include "supervise/channel.hpp"
#include "supervise/job_lock.hpp"

namespace ostler::keeper {
namespace {

constexpr int kOutcome = 3;

struct ServiceOptions {
  std::filesystem::path directory;
  std::filesystem::path groups;
};

std::optional<ServiceOptions> read_service_options(int count, char** arguments) {
  ServiceOptions options;
  for (int i = 0; i + 1 < count; i += 2) {
    const std::string_view name = arguments[i];
    if (name == "--service") options.directory = arguments[i + 1];
    if (name == "--groups") options.groups = arguments[i + 1];
  }
  if (options.directory.empty() || count % 2 != 0) return std::nullopt;
  return options;
}

std::optional<process::Cgroup> make_service_group(const ServiceOptions& options) {
  if (options.groups.empty()) return std::nullopt;
  auto group = process::Cgroup::create(options.groups / supervise::cgroup_name(options.directory));
  if (!group) return std::nullopt;
  return std::move(group).value();
}

/// It held secrets.
void forget_input() {
  const UniqueFd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
  ::dup2(null.get(), STDIN_FILENO);
}

/// The lock is ours for life, which is what says that we live.
Result<void> keep_service(const ServiceOptions& options, UniqueFd& outcome) {
  const SystemClock clock;
  OSTLER_TRY(const std::string text, files::read_file("/dev/stdin"));
  forget_input();
  OSTLER_TRY(auto spec, supervise::decode_service_spec(text));
  if (spec.arguments.empty()) return Error(Errc::UserFault, "a service without a program");
  OSTLER_TRY(supervise::check_service_probe(spec));
  OSTLER_TRY(auto signals, set_up_process("ostler-service"));
  OSTLER_TRY(const auto lock, files::FileLock::try_acquire(options.directory / "lock"));
  auto group = make_service_group(options);
  OSTLER_TRY(supervise::write_job_lock(
      lock.fd(), {::getpid(), group ? group->directory().string() : std::string()}));
  // Whoever sees it knows that somebody keeps the service, or has.
  OSTLER_TRY(files::write_file_atomically(options.directory / "spec",
                                          encode(spec, supervise::WithEnvironment::No)));
  // A socket of the service has a name in its directory, which may be too long for a whole path.
  if (::chdir(spec.directory.c_str()) != 0) {
    return Error::from_errno(errno, "enter directory " + spec.directory);
  }
  OSTLER_TRY(auto listening, supervise::listen_at(spec.socket));
  OSTLER_TRY(auto timer, WakeTimer::create());
  OSTLER_TRY(auto log, ServiceLog::open(options.directory));
  ServiceLoop loop({options.directory, std::move(spec), std::move(group), std::move(signals),
                    std::move(timer), std::move(listening), std::move(log)},
                   clock);
  OSTLER_TRY(loop.begin());
  // Who started us may be gone, or have given up: the service is there, and can be found.
  (void)files::write_all(outcome.get(), "ok\n");
  outcome.reset();
  loop.run();
  return success();
}

}  // namespace

int run_service(int count, char** arguments) {
  const auto options = read_service_options(count, arguments);
  if (!options || ::fcntl(kOutcome, F_SETFD, FD_CLOEXEC) != 0) {
    std::fprintf(stderr, "ostler: keeper --service DIRECTORY [--groups DIRECTORY]\n");
    return 2;
  }
  // Who started us reaps this process at once, and the other is init's.
  const pid_t copy = ::fork();
  if (copy != 0) return copy > 0 ? 0 : 1;
  UniqueFd outcome(kOutcome);
  const auto kept = keep_service(*options, outcome);
  if (kept) return 0;
  (void)files::write_all(outcome.get(), kept.error().message() + "\n");
  return 1;
}

}  // namespace ostler::keeper
