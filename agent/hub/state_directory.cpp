// SPDX-License-Identifier: Apache-2.0
#include "hub/state_directory.hpp"

#include <chrono>
#include <thread>
#include <utility>

#include "crypto/random.hpp"
#include "crypto/sealing.hpp"
#include "files/file.hpp"

namespace ostler::hub {

namespace {

/// Says what to do about a directory that the system does not let us use.
Error with_advice(Error error) {
  if (error.native() == 0) return error;  // one of ours, which says it already
  return Error(error.code(), error.message() + "; give another directory with --data-path")
      .with_native(error.native());
}

/// A hub that was told to end, or whose parent was killed, may still be at it.
Result<files::FileLock> lock_of(const std::filesystem::path& path) {
  constexpr auto kPause = std::chrono::milliseconds(50);
  constexpr int kAttempts = 60;
  for (int attempt = 1;; ++attempt) {
    auto lock = files::FileLock::try_acquire(path / "hub.lock");
    const bool is_held = !lock && lock.error().code() == Errc::Conflict;
    if (!is_held || attempt == kAttempts) return lock;
    std::this_thread::sleep_for(kPause);
  }
}

}  // namespace

Result<StateDirectory> StateDirectory::open(std::filesystem::path path) {
  if (auto made = files::ensure_private_directory(path); !made) {
    return with_advice(std::move(made).error());
  }
  auto lock = lock_of(path);
  if (lock) return StateDirectory(std::move(path), std::move(lock).value());
  if (lock.error().code() != Errc::Conflict) return with_advice(std::move(lock).error());
  return Error(Errc::Conflict, path.string() +
                                   " belongs to a hub that is running; stop that one, or give "
                                   "another directory with --data-path");
}

Result<void> StateDirectory::write_url(const std::string& url) const {
  return files::write_file_atomically(path_ / "url", url + "\n");
}

Result<void> StateDirectory::write_token(const std::string& name, const Secret& token) const {
  return files::write_file_atomically(path_ / name, token.reveal() + "\n", 0600, files::Sync::Yes);
}

Result<Secret> StateDirectory::url_key() const {
  return kept_or("url-key", [] { return Secret(crypto::random_token()); });
}

Result<Secret> StateDirectory::secrets_key() const {
  OSTLER_TRY(auto key, kept_or("secrets-key", [] {
               return Secret(crypto::random_bytes(crypto::kSealingKeySize));
             }));
  if (key.reveal().size() == crypto::kSealingKeySize) return key;
  return Error(Errc::Corrupt,
               "secrets-key is not a key; put the file back that was there when the "
               "secrets were made");
}

Result<Secret> StateDirectory::kept_or(const std::string& name, Secret (*make)()) const {
  auto kept = files::read_file(path_ / name, 4096);
  if (kept) return Secret(std::move(kept).value());
  if (kept.error().code() != Errc::NotFound) return std::move(kept).error();
  Secret fresh = make();
  OSTLER_TRY(files::write_file_atomically(path_ / name, fresh.reveal(), 0600, files::Sync::Yes));
  return fresh;
}

}  // namespace ostler::hub
