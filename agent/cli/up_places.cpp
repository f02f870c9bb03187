// SPDX-License-Identifier: Apache-2.0
#include "cli/up_places.hpp"

#include <unistd.h>

#include <charconv>

#include "files/file.hpp"
#include "process/pidfd.hpp"

namespace ostler::cli {
namespace {

/// The process that the lock's file names, while the lock is held.
Result<std::optional<pid_t>> named_occupant(const UpPlaces& places) {
  OSTLER_TRY(const bool held, files::FileLock::is_held(places.lock()));
  if (!held) return std::nullopt;
  OSTLER_TRY(const std::string text, files::read_file(places.lock(), 64));
  pid_t pid = 0;
  std::from_chars(text.data(), text.data() + text.size(), pid);
  if (pid > 0) return pid;
  return Error(Errc::Unavailable, places.lock().string() + " does not name its holder yet");
}

}  // namespace

Result<files::FileLock> occupy(const UpPlaces& places) {
  OSTLER_TRY(files::ensure_private_directory(places.root));
  auto lock = files::FileLock::try_acquire(places.lock());
  if (!lock && lock.error().code() == Errc::Conflict) {
    return Error(Errc::Conflict, "Ostler is up already in " + places.root.string() +
                                     "; \"ostler down\" ends it, --state-path names another place");
  }
  if (!lock) return lock;
  if (::ftruncate(lock.value().fd(), 0) != 0) return Error::from_errno(errno, "truncate up.lock");
  OSTLER_TRY(files::write_all(lock.value().fd(), std::to_string(::getpid()) + "\n"));
  return lock;
}

/// The file is read again once the process is held on to: a pid that had been given to another
/// process meanwhile would no longer be the holder's.
Result<std::optional<UniqueFd>> find_occupant(const UpPlaces& places) {
  OSTLER_TRY(const auto named, named_occupant(places));
  if (!named) return std::nullopt;
  auto occupant = process::open_pidfd(*named);
  OSTLER_TRY(const auto again, named_occupant(places));
  if (!again) return std::nullopt;
  if (!occupant) return std::move(occupant).error();
  if (again == named) return std::optional(std::move(occupant).value());
  return Error(Errc::Unavailable, "another \"ostler up\" has just taken over; try again");
}

}  // namespace ostler::cli
