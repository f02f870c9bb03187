// SPDX-License-Identifier: Apache-2.0
#include "checkout/mirror_store.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

#include "base/clock.hpp"
#include "crypto/digest.hpp"
#include "files/remove_tree.hpp"
#include "git/fetch.hpp"
#include "git/remote_url.hpp"

namespace ostler::checkout {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds kLockPoll{50};
constexpr std::string_view kEverywhere[] = {"+refs/heads/*:refs/heads/*",
                                            "+refs/tags/*:refs/tags/*"};

bool is_branch_or_tag(const std::string& reference) {
  return reference.starts_with("refs/heads/") || reference.starts_with("refs/tags/") ||
         !reference.starts_with("refs/");
}

// The lock file tells when the last completed fetch began; "busy" while one is under way.
constexpr std::string_view kBusy = "busy";

std::string read_note(const files::FileLock& lock) {
  std::array<char, 32> text{};
  const ssize_t size = ::pread(lock.fd(), text.data(), text.size(), 0);
  return {text.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0))};
}

Result<void> write_note(const files::FileLock& lock, std::string_view note) {
  if (::ftruncate(lock.fd(), 0) != 0 ||
      ::pwrite(lock.fd(), note.data(), note.size(), 0) != static_cast<ssize_t>(note.size())) {
    return Error::from_errno(errno, "write the mirror's lock file");
  }
  return success();
}

std::chrono::nanoseconds fetched_at(const files::FileLock& lock) {
  const std::string note = read_note(lock);
  std::int64_t nanoseconds = 0;
  std::from_chars(note.data(), note.data() + note.size(), nanoseconds);
  return std::chrono::nanoseconds(nanoseconds);
}

// A fetch that began after this job asked saw all that this job may expect to see.
bool is_fresh(const files::FileLock& lock, std::chrono::nanoseconds asked_at) {
  const auto at = fetched_at(lock);
  return at >= asked_at && at <= SystemClock().since_boot();
}

Result<void> remove_leftovers(const fs::path& mirror) {
  const std::string prefix = mirror.filename().string() + ".new-";
  std::error_code ec;
  for (const auto& entry : fs::directory_iterator(mirror.parent_path(), ec)) {
    if (!entry.path().filename().string().starts_with(prefix)) continue;
    OSTLER_TRY(files::remove_tree(entry.path()));
  }
  return success();
}

}  // namespace

fs::path mirror_directory(const fs::path& mirrors, const std::string& repository) {
  constexpr std::size_t kLongestName = 200;
  std::string name = git::without_credentials(repository);
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '-';
  }
  if (name.size() > kLongestName) {
    name = name.substr(0, kLongestName) + "-" + crypto::sha256_hex(repository).substr(0, 16);
  }
  return mirrors / name;
}

MirrorStore::MirrorStore(const Settings& settings, JobLog& log, Interrupter& interrupter)
    : settings_(settings),
      log_(log),
      interrupter_(interrupter),
      directory_(mirror_directory(settings.mirrors, settings.repository)) {}

Result<Mirrored> MirrorStore::provide(const Wanted& wanted) {
  asked_at_ = SystemClock().since_boot();
  std::error_code ec;
  fs::create_directories(settings_.mirrors, ec);
  if (ec) return Error::from_errno(ec.value(), "make directory " + settings_.mirrors.string());
  OSTLER_TRY(const auto held, lock());
  OSTLER_TRY(auto mirror, open_or_create(held));
  OSTLER_TRY(update(mirror, wanted, held));
  OSTLER_TRY(auto commit, commit_of(mirror, wanted));
  auto tip = mirror.commit_at("refs/heads/" + settings_.branch);
  return Mirrored{std::move(mirror), std::move(commit), std::move(tip)};
}

Result<files::FileLock> MirrorStore::lock() {
  const std::string path = directory_.string() + ".lock";
  const auto deadline = Interrupter::Clock::now() + settings_.lock_timeout;
  for (bool told = false;; told = true) {
    auto lock = files::FileLock::try_acquire(path);
    if (lock || lock.error().code() != Errc::Conflict) return lock;
    if (!told) log_.comment("Waiting for another checkout to finish with " + directory_.string());
    if (!interrupter_.sleep(kLockPoll)) return Error(Errc::Cancelled, "stopped while waiting");
    if (Interrupter::Clock::now() < deadline) continue;
    return Error(Errc::Timeout,
                 "the lock on git mirror " + directory_.string() + " was not free within " +
                     std::to_string(settings_.lock_timeout.count()) +
                     " s; another checkout holds it, raise git-mirrors-lock-timeout if that is"
                     " legitimate")
        .with_native(kMirrorLockTimeout);
  }
}

Result<git::Repository> MirrorStore::open_or_create(const files::FileLock& lock) {
  if (!fs::exists(directory_) || distrusted_) return create(lock);
  auto opened = git::Repository::open(directory_);
  if (!opened && opened.error().code() == Errc::Denied) return opened;
  if (!opened || opened.value().has_lost_head()) {
    log_.comment("Git mirror " + directory_.string() + " is unusable, making it anew");
    return create(lock);
  }
  if (read_note(lock) == kBusy) {
    git::remove_stale_locks(directory_);
    git::remove_unfinished_packs(opened.value());
  }
  return opened;
}

// Other checkouts read objects of a mirror at any time: it appears whole, by renaming.
Result<git::Repository> MirrorStore::create(const files::FileLock& lock) {
  OSTLER_TRY(remove_leftovers(directory_));
  const auto began = SystemClock().since_boot();
  const fs::path made = directory_.string() + ".new-" + std::to_string(::getpid());
  {
    OSTLER_TRY(auto repository, git::Repository::create_bare(made, settings_.repository));
    auto fetched = fetch(repository, {});
    if (!fetched) {
      static_cast<void>(files::remove_tree(made).has_value());
      return std::move(fetched).error();
    }
  }
  std::error_code ec;
  if (fs::exists(directory_)) {
    fs::rename(directory_, made.string() + "-old", ec);
    if (ec) return Error::from_errno(ec.value(), "rename " + directory_.string());
  }
  fs::rename(made, directory_, ec);
  if (ec) return Error::from_errno(ec.value(), "rename " + made.string());
  OSTLER_TRY(remove_leftovers(directory_));
  distrusted_ = false;
  OSTLER_TRY(write_note(lock, std::to_string(began.count())));
  return git::Repository::open(directory_);
}

Result<void> MirrorStore::update(git::Repository& mirror, const Wanted& wanted,
                                 const files::FileLock& lock) {
  const bool present = mirror.has_commit(wanted.revision);
  if (present && !wanted.fresh) {
    log_.comment("Git mirror " + directory_.string() + " has commit " + wanted.revision);
    return success();
  }
  if (!settings_.update_mirror) return success();
  std::vector<std::string> others = wanted.references;
  std::erase_if(others, is_branch_or_tag);
  if (others.empty() && is_fresh(lock, asked_at_)) return success();
  OSTLER_TRY(mirror.set_origin(settings_.repository));
  const auto began = SystemClock().since_boot();
  OSTLER_TRY(write_note(lock, kBusy));
  OSTLER_TRY(fetch(mirror, std::move(others)));
  return write_note(lock, std::to_string(began.count()));
}

Result<void> MirrorStore::fetch(git::Repository& mirror, std::vector<std::string> references) {
  log_.comment("Fetching " + git::without_credentials(settings_.repository) + " into " +
               directory_.string());
  git::FetchRequest request{
      settings_.repository, {std::begin(kEverywhere), std::end(kEverywhere)}, true};
  for (const std::string& name : references) request.refspecs.push_back("+" + name + ":" + name);
  ProgressLog progress(log_, interrupter_);
  interrupter_.peer_is_alive();
  auto fetched = git::fetch(mirror, request, progress);
  progress.finish();
  if (!fetched) return std::move(fetched).error();
  const std::string& head = fetched.value().default_branch;
  return head.empty() ? Result<void>(success()) : mirror.set_head(head);
}

// A commit that no branch or tag leads to can still be had by its id, if the remote agrees.
Result<std::string> MirrorStore::commit_of(git::Repository& mirror, const Wanted& wanted) {
  auto found = mirror.resolve(wanted.revision);
  if (found || found.error().code() != Errc::NotFound || !git::is_full_id(wanted.revision) ||
      !settings_.update_mirror) {
    return found;
  }
  ProgressLog progress(log_, interrupter_);
  log_.comment("Commit " + wanted.revision + " is on no branch or tag, fetching it by its id");
  interrupter_.peer_is_alive();
  auto fetched = git::fetch_commit(mirror, settings_.repository, wanted.revision, progress);
  progress.finish();
  if (!fetched && fetched.error().code() != Errc::NotFound) return std::move(fetched).error();
  return mirror.resolve(wanted.revision);
}

}  // namespace ostler::checkout
