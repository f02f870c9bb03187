// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "files/file_lock.hpp"

namespace ostler::hub {

/// The directory of a hub, held by one process at a time.
///
///     hub.lock                held by the living hub
///     url                     where it listens
///     agent-token, api-token  made at the first start
///     hub.sock                where its owner speaks to it (local_api.hpp)
///     url-key                 signs the addresses of artifact bytes
///     secrets-key             seals the secrets of clusters
///     oidc-key.pem            signs identity tokens, from the first of them on
///     ostler.db, blobs/       of the store; ostler.db.version-N: a copy before an upgrade
///     blobs.lock              held while a backup or a check looks at blobs (upkeep/)
class StateDirectory {
 public:
  /// Makes it (mode 0700) or checks it, and locks it.
  /// Errors: Conflict when another hub has it; Denied when it is not private or not writable.
  static Result<StateDirectory> open(std::filesystem::path path);

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path owner_socket() const { return path_ / "hub.sock"; }
  std::filesystem::path blobs() const { return path_ / "blobs"; }

  Result<void> write_url(const std::string& url) const;
  /// Writes a token with a line break at its end, mode 0600.
  Result<void> write_token(const std::string& name, const Secret& token) const;
  /// The key that signs addresses; made when it is missing.
  Result<Secret> url_key() const;
  /// The key that seals secrets (crypto/sealing.hpp); made when it is missing.
  /// Errors: Corrupt when the file is no such key.
  Result<Secret> secrets_key() const;
  std::filesystem::path oidc_key() const { return path_ / "oidc-key.pem"; }

 private:
  Result<Secret> kept_or(const std::string& name, Secret (*make)()) const;

  StateDirectory(std::filesystem::path path, files::FileLock lock)
      : path_(std::move(path)), lock_(std::move(lock)) {}

  std::filesystem::path path_;
  files::FileLock lock_;
};

}  // namespace ostler::hub
