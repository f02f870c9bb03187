// SPDX-License-Identifier: Apache-2.0
#include "config/publisher_key.hpp"

#include <string>

#include "config/values.hpp"
#include "files/file.hpp"

namespace ostler::config {
namespace {

constexpr std::size_t kLongestKeyFile = 64u << 10;

}  // namespace

Result<crypto::Ed25519PublicKey> read_publisher_key(std::string_view named) {
  if (named.starts_with("ed25519:")) return crypto::Ed25519PublicKey::from_text(named);
  OSTLER_TRY(const auto path, parse_path(named));
  auto text = files::read_file(path, kLongestKeyFile);
  if (!text) {
    return Error(Errc::UserFault, "cannot read the key of a publisher: " + text.error().message());
  }
  auto key = crypto::Ed25519PublicKey::from_pem(text.value());
  if (!key) return std::move(key).error().with_context(path.string());
  return key;
}

}  // namespace ostler::config
