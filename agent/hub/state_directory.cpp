// SPDX-License-Identifier: Apache-2.0
#include "hub/state_directory.hpp"

#include <utility>

#include "crypto/random.hpp"
#include "files/file.hpp"

namespace ostler::hub {

Result<StateDirectory> StateDirectory::open(std::filesystem::path path) {
  OSTLER_TRY(files::ensure_private_directory(path));
  auto lock = files::FileLock::try_acquire(path / "hub.lock");
  if (!lock && lock.error().code() == Errc::Conflict) {
    return Error(Errc::Conflict, path.string() +
                                     " belongs to a hub that is running; stop that one, or give "
                                     "another directory with --data-path");
  }
  OSTLER_TRY(auto held, std::move(lock));
  return StateDirectory(std::move(path), std::move(held));
}

Result<void> StateDirectory::write_url(const std::string& url) const {
  return files::write_file_atomically(path_ / "url", url + "\n");
}

Result<void> StateDirectory::write_token(const std::string& name, const Secret& token) const {
  return files::write_file_atomically(path_ / name, token.reveal() + "\n", 0600, files::Sync::Yes);
}

Result<Secret> StateDirectory::url_key() const {
  auto kept = files::read_file(path_ / "url-key", 4096);
  if (kept) return Secret(std::move(kept).value());
  if (kept.error().code() != Errc::NotFound) return std::move(kept).error();
  Secret fresh(crypto::random_token());
  OSTLER_TRY(
      files::write_file_atomically(path_ / "url-key", fresh.reveal(), 0600, files::Sync::Yes));
  return fresh;
}

}  // namespace ostler::hub
