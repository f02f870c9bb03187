// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/http_body.hpp"

#include <unistd.h>

#include <array>
#include <cerrno>

#include "crypto/digest.hpp"

namespace ostler::plugin_host {
namespace {

constexpr std::uint64_t kLargestFile = std::uint64_t{5} << 30;

}  // namespace

Result<net::OpenFileBody> open_http_body(const StepRoots& roots, const std::string& path) {
  OSTLER_TRY(UniqueFd file, open_readable_file(roots, path));
  OSTLER_TRY(net::OpenFileBody body, net::open_file_body(std::move(file), path));
  if (body.size <= kLargestFile) return body;
  return Error(Errc::UserFault, path + " has " + std::to_string(body.size) +
                                    " bytes; the largest file in a request is 5 GiB");
}

Result<std::string> digest_of_body(const net::HttpBody& body) {
  const auto* file = std::get_if<net::OpenFileBody>(&body);
  if (file == nullptr) return crypto::sha256_hex(std::get<std::string>(body));
  crypto::Digest digest(crypto::Algorithm::Sha256);
  std::array<char, 65536> piece;
  std::uint64_t read = 0;
  while (read < file->size) {
    const ssize_t got =
        ::pread(file->file->get(), piece.data(), piece.size(), static_cast<off_t>(read));
    if (got < 0) return Error::from_errno(errno, "read " + file->name);
    if (got == 0) break;
    digest.update({piece.data(), static_cast<std::size_t>(got)});
    read += static_cast<std::uint64_t>(got);
  }
  if (net::is_unchanged(*file)) return digest.finish_hex();
  return Error(Errc::Conflict, file->name + " was changed while it was read");
}

}  // namespace ostler::plugin_host
