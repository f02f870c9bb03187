// SPDX-License-Identifier: Apache-2.0
#include "checkout/checkout.hpp"

#include <cmath>

#include "agent_client/retry.hpp"
#include "checkout/mirror_store.hpp"
#include "checkout/ssh_key.hpp"
#include "checkout/wanted.hpp"
#include "checkout/workspace.hpp"
#include "files/remove_tree.hpp"
#include "git/clean.hpp"
#include "git/fetch.hpp"
#include "git/native_error.hpp"
#include "git/ref_copy.hpp"
#include "git/remote_url.hpp"
#include "git/working_tree.hpp"

namespace ostler::checkout {
namespace {

namespace fs = std::filesystem;

class Checkout {
 public:
  Checkout(const Settings& settings, JobLog& log, Interrupter& interrupter)
      : settings_(settings),
        log_(log),
        interrupter_(interrupter),
        mirrors_(settings, log, interrupter),
        progress_(log, interrupter) {}

  Result<CheckedOut> run();

 private:
  Result<CheckedOut> attempt(const Wanted& wanted);
  Result<void> enter_directory();
  Result<Mirrored> provide(const Wanted& wanted);
  Result<void> verify(const Mirrored& mirrored);
  Result<git::Repository> prepare(const Wanted& wanted, const Mirrored& mirrored);
  Result<void> apply_refspecs(git::Repository& workspace, const git::Repository& mirror);
  Result<void> materialize(git::Repository& workspace, const std::string& commit);
  Result<void> refuse_submodules();
  Error explain(Error error) const;
  Error stopped(Error error) const;
  Result<void> recover(const Error& error);

  const Settings& settings_;
  JobLog& log_;
  Interrupter& interrupter_;
  MirrorStore mirrors_;
  ProgressLog progress_;
};

Result<CheckedOut> Checkout::attempt(const Wanted& wanted) {
  interrupter_.begin_attempt(settings_.attempt_timeout);
  OSTLER_TRY(enter_directory());
  OSTLER_TRY(const auto mirrored, provide(wanted));
  OSTLER_TRY(verify(mirrored));
  OSTLER_TRY(auto workspace, prepare(wanted, mirrored));
  OSTLER_TRY(materialize(workspace, mirrored.commit));
  OSTLER_TRY(refuse_submodules());
  if (interrupter_.stop() != Stop::No) return Error(Errc::Cancelled, "checkout stopped");
  OSTLER_TRY(auto head, workspace.describe(mirrored.commit));
  log_.line("HEAD is now at " + head.abbreviated_id + " " +
            head.message.substr(0, head.message.find('\n')));
  return CheckedOut{mirrored.commit, mirrors_.directory(), std::move(head)};
}

Result<void> Checkout::enter_directory() {
  std::error_code ec;
  if (fs::create_directories(settings_.directory, ec)) {
    log_.comment("Creating \"" + settings_.directory.string() + "\"");
  }
  if (!ec) fs::current_path(settings_.directory, ec);
  if (ec) {
    return Error::from_errno(ec.value(), "make checkout directory " + settings_.directory.string());
  }
  log_.change_directory(settings_.directory);
  return success();
}

Result<Mirrored> Checkout::provide(const Wanted& wanted) {
  OSTLER_TRY(const auto key, SshKey::place(settings_));
  return mirrors_.provide(wanted);
}

Result<void> Checkout::verify(const Mirrored& mirrored) {
  const std::string reason = reason_not_to_verify(settings_);
  if (!reason.empty()) {
    log_.comment("Skipping commit verification: " + reason);
    return success();
  }
  const std::string what =
      "commit \"" + settings_.commit + "\" is not on branch \"" + settings_.branch + "\"";
  log_.comment("Verifying commit \"" + settings_.commit + "\" is on branch \"" + settings_.branch +
               "\"");
  if (!mirrored.branch_tip) {
    log_.warning(
        "commit verification unavailable: " + git::without_credentials(settings_.repository) +
        " has no branch \"" + settings_.branch + "\"");
    return success();
  }
  OSTLER_TRY(const bool on_branch,
             mirrored.mirror.is_ancestor(mirrored.commit, *mirrored.branch_tip));
  if (on_branch) return success();
  log_.warning("commit verification failed: " + what);
  return Error(Errc::UserFault,
               "commit verification failed: " + what +
                   "; build a commit of that branch, or set the agent's git-commit-verification"
                   " to off");
}

Result<git::Repository> Checkout::prepare(const Wanted& wanted, const Mirrored& mirrored) {
  OSTLER_TRY(auto workspace, open_workspace(settings_, mirrored.mirror, log_));
  OSTLER_TRY(git::drop_unusable_index(workspace));
  OSTLER_TRY(git::clean(workspace, settings_.clean, progress_));
  OSTLER_TRY(git::copy_references(mirrored.mirror, workspace));
  OSTLER_TRY(apply_refspecs(workspace, mirrored.mirror));
  OSTLER_TRY(
      git::write_fetch_head(workspace, {mirrored.commit, wanted.fetch_head}, settings_.repository));
  return workspace;
}

// The left sides are in the mirror by now; their right sides are for the work tree's repository.
Result<void> Checkout::apply_refspecs(git::Repository& workspace, const git::Repository& mirror) {
  if (settings_.refspecs.empty()) return success();
  const git::FetchRequest request{mirror.git_directory().string(), settings_.refspecs, false};
  OSTLER_TRY(git::fetch(workspace, request, progress_));
  return success();
}

Result<void> Checkout::materialize(git::Repository& workspace, const std::string& commit) {
  OSTLER_TRY(git::check_out(workspace, commit, progress_));
  return git::clean(workspace, settings_.clean, progress_);
}

Result<void> Checkout::refuse_submodules() {
  if (!fs::exists(settings_.directory / ".gitmodules")) return success();
  if (!settings_.submodules) {
    log_.warning("This repository has submodules, but submodules are disabled");
    return success();
  }
  return Error(Errc::UserFault,
               "the repository has submodules (.gitmodules), which are not supported yet; start the"
               " agent with no-git-submodules to build without them");
}

// Failures of ssh say it themselves, each its own.
std::string what_to_do(Errc code, git::RemoteKind kind) {
  if (kind == git::RemoteKind::Ssh && code != Errc::NotFound) return "";
  switch (code) {
    case Errc::NotFound: return "check the pipeline's repository and the build's commit and branch";
    case Errc::Denied: return "check the credentials, and who owns the files";
    case Errc::Unavailable: return "check the network, the host and the free space";
    case Errc::Protocol: return "check the URL; where the server redirects, use the final address";
    default: return "";
  }
}

Error Checkout::explain(Error error) const {
  if (error.code() == Errc::UserFault || error.native() == kMirrorLockTimeout) return error;
  std::string text =
      git::without_credentials(settings_.repository) + ", commit " + settings_.commit;
  if (!settings_.branch.empty()) text += ", branch " + settings_.branch;
  text += ": " + error.message();
  const std::string advice = error.native() == git::kUntrusted
                                 ? "name the certificate of its authority in SSL_CERT_FILE"
                                 : what_to_do(error.code(), git::remote_kind(settings_.repository));
  if (!advice.empty()) text += "; " + advice;
  return Error(error.code(), std::move(text))
      .with_native(error.native())
      .with_retryable(error.retryable());
}

// What the operation says after it was interrupted is not what happened.
Error Checkout::stopped(Error error) const {
  switch (interrupter_.stop()) {
    case Stop::No: return error;
    case Stop::Cancelled: return Error(Errc::Cancelled, "checkout cancelled");
    case Stop::TimedOut:
      return Error(Errc::Timeout, "the attempt took longer than " +
                                      std::to_string(settings_.attempt_timeout.count()) +
                                      " s (BUILDKITE_GIT_CHECKOUT_TIMEOUT)")
          .with_retryable(true);
    case Stop::Stalled:
      return Error(Errc::Unavailable, "the server sent nothing for " +
                                          std::to_string(Interrupter::kSilenceLimit.count()) + " s")
          .with_retryable(true);
  }
  return error;
}

Result<void> Checkout::recover(const Error& error) {
  if (error.code() != Errc::Corrupt && error.code() != Errc::Timeout) return success();
  if (error.code() == Errc::Corrupt) mirrors_.distrust();
  log_.comment("Removing " + settings_.directory.string());
  return files::remove_tree(settings_.directory);
}

bool may_heal(const Error& error) {
  return (error.retryable() || error.code() == Errc::Corrupt) &&
         error.native() != kMirrorLockTimeout;
}

// Source: job-lifecycle 2.11.
agent_client::RetryPolicy attempts_of(const Settings& settings) {
  return {.attempts = settings.attempts,
          .growth = agent_client::Growth::Exponential,
          .base = std::chrono::seconds(1),
          .jitter = std::chrono::seconds(1),
          .stop_on = agent_client::StopOn::Standard,
          .total = {}};
}

Result<CheckedOut> Checkout::run() {
  OSTLER_TRY(const auto wanted, wanted_of(settings_));
  agent_client::Attempts attempts(attempts_of(settings_), agent_client::jitter);
  for (;;) {
    auto done = attempt(wanted);
    if (done) return done;
    Error error = explain(stopped(std::move(done).error()));
    if (!may_heal(error)) return error;
    const auto wait = attempts.next({0, true}, {});
    if (!wait) return error;
    log_.warning("Checkout failed! " + error.message() + " (Attempt " +
                 std::to_string(attempts.failed()) + "/" + std::to_string(settings_.attempts) +
                 " Retrying in " + std::to_string(wait->count()) + "ms)");
    interrupter_.begin_attempt({});
    OSTLER_TRY(recover(error));
    if (!interrupter_.sleep(*wait)) return Error(Errc::Cancelled, "checkout cancelled");
  }
}

Result<void> remove_for_clean_checkout(const Settings& settings, JobLog& log) {
  if (!settings.clean_checkout) return success();
  log.section("Cleaning pipeline checkout");
  log.comment("Removing " + settings.directory.string());
  return files::remove_tree(settings.directory);
}

}  // namespace

Result<CheckedOut> check_out(const Settings& settings, JobLog& log, Interrupter& interrupter) {
  OSTLER_TRY(remove_for_clean_checkout(settings, log));
  log.section("Preparing working directory");
  for (const std::string& warning : settings.warnings) log.warning(warning);
  OSTLER_TRY(auto done, Checkout(settings, log, interrupter).run());
  if (done.commit != settings.commit) {
    log.comment("Updating BUILDKITE_COMMIT from \"" + settings.commit + "\" to \"" + done.commit +
                "\"");
  }
  return done;
}

}  // namespace ostler::checkout
