// SPDX-License-Identifier: Apache-2.0
#include "support/signing_key.hpp"

#include "base/base64.hpp"
#include "crypto/ed25519.hpp"

namespace ostler::support {
namespace {

using namespace std::string_literals;

std::string in_pem(const std::string& kind, const std::string& bytes) {
  return "-----BEGIN " + kind + "-----\n" + base64(bytes) + "\n-----END " + kind + "-----\n";
}

// What comes before the 32 bytes of a key, in DER. Source: RFC 8410, section 7.
const std::string kPrivate = "\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20"s;
const std::string kPublic = "\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00"s;

}  // namespace

SigningKey::SigningKey(unsigned char number) : seed_(32, static_cast<char>(number)) {}

SigningKey::SigningKey(const std::string& seed_in_hex) {
  for (std::size_t at = 0; at < seed_in_hex.size(); at += 2) {
    seed_ += static_cast<char>(std::stoi(seed_in_hex.substr(at, 2), nullptr, 16));
  }
}

std::string SigningKey::pem() const { return in_pem("PRIVATE KEY", kPrivate + seed_); }

std::string SigningKey::public_pem() const {
  const auto pair = crypto::Ed25519PrivateKey::from_pem(Secret(pem())).value();
  const std::string text = pair.public_key().text();
  return in_pem("PUBLIC KEY", kPublic + decode_base64(text.substr(text.find(':') + 1)).value());
}

}  // namespace ostler::support
