// SPDX-License-Identifier: Apache-2.0
#include "cli/lock.hpp"

#include <unistd.h>

#include <CLI/CLI.hpp>

#include "cli/exit.hpp"
#include "cli/job_command.hpp"
#include "cli/lock_client.hpp"
#include "cli/options.hpp"
#include "config/values.hpp"
#include "crypto/hex.hpp"
#include "crypto/random.hpp"

namespace ostler::cli {
namespace {

constexpr const char* kLockExample =
    "Example:\n"
    "  token=$(ostler lock acquire deploy) && ./deploy; ostler lock release deploy \"$token\"\n"
    "On this machine one job at a time runs ./deploy.\n";
constexpr const char* kOnceExample =
    "Example:\n"
    "  [ \"$(ostler lock do setup)\" = done ] || { ./setup && ostler lock done setup; }\n"
    "On this machine the first job runs ./setup, and others wait until it is done.\n";

constexpr const char* kFree = "";
constexpr const char* kDoing = "doing";
constexpr const char* kDone = "done";

struct LockFlags {
  std::string key;
  std::string token;
  std::string scope = "machine";
  std::string sockets;
  std::string limit;
};

void describe(CLI::App& app, LockFlags& flags) {
  take_common_flags(app);
  app.add_option("key", flags.key, "The lock")->required();
  app.add_option("--lock-scope", flags.scope, "Among whom: machine")
      ->envname("BUILDKITE_LOCK_SCOPE")
      ->capture_default_str();
  app.add_option("--sockets-path", flags.sockets, "Where the agent has its sockets")
      ->envname("BUILDKITE_SOCKETS_PATH");
}

void take_limit(CLI::App& app, LockFlags& flags) {
  app.add_option("--lock-wait-timeout", flags.limit, "How long to wait, such as 5m; 0: for ever")
      ->envname("BUILDKITE_LOCK_WAIT_TIMEOUT");
}

Result<LockClient> client_for(const LockFlags& flags) {
  if (flags.scope != "machine") {
    return Error(Errc::UserFault, "lock scope \"" + flags.scope + "\": only machine is known");
  }
  if (flags.sockets.empty()) {
    return Error(Errc::UserFault,
                 "no sockets path: set BUILDKITE_SOCKETS_PATH or pass --sockets-path");
  }
  std::optional<std::chrono::milliseconds> limit;
  if (!flags.limit.empty()) {
    OSTLER_TRY(const auto given, config::parse_duration(flags.limit));
    if (given.count() > 0) limit = given;
  }
  return LockClient(flags.sockets, limit);
}

Error not_as_expected(const std::string& value) {
  return Error(Errc::Conflict, value.empty() ? "it is not locked" : "its state is " + value);
}

std::string make_token() {
  const std::string random = crypto::random_bytes(16);
  return "acquired(pid=" + std::to_string(::getpid()) + ",otp=" +
         crypto::to_hex({reinterpret_cast<const unsigned char*>(random.data()), random.size()}) +
         ")";
}

Result<void> acquire(const LockFlags& flags) {
  OSTLER_TRY(auto client, client_for(flags));
  const std::string token = make_token();
  OSTLER_TRY(client.swap_in_turn(flags.key, {kFree, token}));
  print(token + "\n");
  return success();
}

Result<void> release(const LockFlags& flags) {
  OSTLER_TRY(auto client, client_for(flags));
  OSTLER_TRY(const auto state, client.swap(flags.key, {flags.token, kFree}));
  if (!state.swapped) return not_as_expected(state.value);
  return success();
}

Result<void> do_once(const LockFlags& flags) {
  OSTLER_TRY(auto client, client_for(flags));
  for (;;) {
    OSTLER_TRY(const auto state, client.swap(flags.key, {kFree, kDoing}));
    if (state.swapped || state.value == kDone) {
      print(state.swapped ? "do\n" : "done\n");
      return success();
    }
    if (state.value != kDoing) return not_as_expected(state.value);
    OSTLER_TRY(client.pause());
  }
}

Result<void> end_work(const LockFlags& flags) {
  OSTLER_TRY(auto client, client_for(flags));
  OSTLER_TRY(const auto state, client.swap(flags.key, {kDoing, kDone}));
  if (!state.swapped) return not_as_expected(state.value);
  return success();
}

Result<void> show(const LockFlags& flags) {
  OSTLER_TRY(auto client, client_for(flags));
  OSTLER_TRY(const auto value, client.value(flags.key));
  print(value + "\n");
  return success();
}

int run(CLI::App& app, const Arguments& arguments, LockFlags& flags,
        Result<void> (*command)(const LockFlags&)) {
  if (const auto ended = read_options(app, arguments)) return *ended;
  auto done = command(flags);
  if (done) return kExitOk;
  return fail_in_job(std::move(done).error().with_context(app.get_name() + " " + flags.key));
}

}  // namespace

int lock_acquire(const Arguments& arguments) {
  CLI::App app("Waits for a lock and prints the token that releases it", "lock acquire");
  LockFlags flags;
  describe(app, flags);
  take_limit(app, flags);
  app.footer(kLockExample);
  return run(app, arguments, flags, acquire);
}

int lock_release(const Arguments& arguments) {
  CLI::App app("Releases a lock", "lock release");
  LockFlags flags;
  describe(app, flags);
  app.add_option("token", flags.token, "What lock acquire printed")->required();
  app.footer(kLockExample);
  return run(app, arguments, flags, release);
}

int lock_do(const Arguments& arguments) {
  CLI::App app("Prints do to the one that shall do the work, done to the others afterwards",
               "lock do");
  LockFlags flags;
  describe(app, flags);
  take_limit(app, flags);
  app.footer(kOnceExample);
  return run(app, arguments, flags, do_once);
}

int lock_done(const Arguments& arguments) {
  CLI::App app("Says that the work is done", "lock done");
  LockFlags flags;
  describe(app, flags);
  app.footer(kOnceExample);
  return run(app, arguments, flags, end_work);
}

int lock_get(const Arguments& arguments) {
  CLI::App app("Prints the state of a lock", "lock get");
  LockFlags flags;
  describe(app, flags);
  app.footer("Example:\n  ostler lock get deploy     an empty line: nobody has it");
  return run(app, arguments, flags, show);
}

}  // namespace ostler::cli
