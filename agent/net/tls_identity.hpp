// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>

#include "base/result.hpp"
#include "net/stream.hpp"

namespace ostler::net {

/// Files in PEM: a certificate with those that lead to its issuer, and its private key.
struct TlsFiles {
  std::filesystem::path certificate;
  std::filesystem::path key;
};

/// Who a server is to its TLS peers (version 1.2 at least). Runs on: one strand at a time.
class TlsIdentity {
 public:
  /// Errors: UserFault, with the file: it cannot be read, is no PEM, or the two do not belong
  /// together.
  static Result<TlsIdentity> load(TlsFiles files);
  ~TlsIdentity();
  TlsIdentity(TlsIdentity&&) noexcept;
  TlsIdentity& operator=(TlsIdentity&&) noexcept;

  /// Loads the files again when one of them has changed since it was looked at last: certificates
  /// are renewed while servers run. On an error the old ones stay. Errors: as `load`.
  Result<void> refresh();

  /// A stream that shakes hands before its first byte.
  std::unique_ptr<Stream> open_stream(UniqueFd socket, const boost::asio::any_io_executor& strand);

 private:
  struct Loaded;
  TlsIdentity(TlsFiles files, std::unique_ptr<Loaded> loaded);

  TlsFiles files_;
  std::unique_ptr<Loaded> loaded_;
};

}  // namespace ostler::net
