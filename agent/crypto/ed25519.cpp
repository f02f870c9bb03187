// SPDX-License-Identifier: Apache-2.0
#include "crypto/ed25519.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "base/assert.hpp"
#include "base/base64.hpp"

namespace ostler::crypto {
namespace {

constexpr std::string_view kTextPrefix = "ed25519:";
constexpr std::size_t kSignatureSize = 64;

using PairOfKeys = std::unique_ptr<EVP_PKEY, decltype([](EVP_PKEY* key) { ::EVP_PKEY_free(key); })>;
using ReadBio = std::unique_ptr<BIO, decltype([](BIO* bio) { ::BIO_free_all(bio); })>;
using SigningContext =
    std::unique_ptr<EVP_MD_CTX, decltype([](EVP_MD_CTX* context) { ::EVP_MD_CTX_free(context); })>;

ReadBio bio_of(std::string_view text) {
  ReadBio bio(::BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  OSTLER_ASSERT(bio != nullptr);
  return bio;
}

/// Without it OpenSSL would ask at the terminal.
int no_passphrase(char*, int, int, void*) { return -1; }

bool is_ed25519(EVP_PKEY* key) { return ::EVP_PKEY_get_base_id(key) == EVP_PKEY_ED25519; }

const unsigned char* signed_bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

struct Ed25519PrivateKey::Key {
  PairOfKeys pair;
};

Ed25519PrivateKey::Ed25519PrivateKey(std::unique_ptr<Key> key) : key_(std::move(key)) {}
Ed25519PrivateKey::~Ed25519PrivateKey() = default;
Ed25519PrivateKey::Ed25519PrivateKey(Ed25519PrivateKey&&) noexcept = default;
Ed25519PrivateKey& Ed25519PrivateKey::operator=(Ed25519PrivateKey&&) noexcept = default;

Result<Ed25519PrivateKey> Ed25519PrivateKey::from_pem(const Secret& pem) {
  const std::string_view text = pem.reveal();
  if (text.find("ENCRYPTED") != text.npos) {
    return Error(Errc::UserFault,
                 "the key is locked with a passphrase; `openssl pkey -in KEY -out UNLOCKED` writes "
                 "one that is not");
  }
  const ReadBio bio = bio_of(text);
  PairOfKeys pair(::PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr));
  if (pair == nullptr || !is_ed25519(pair.get())) {
    return Error(Errc::UserFault,
                 std::string(pair == nullptr ? "not a private key in PEM" : "not an Ed25519 key") +
                     "; `openssl genpkey -algorithm ed25519 -out KEY` makes one");
  }
  return Ed25519PrivateKey(std::make_unique<Key>(Key{std::move(pair)}));
}

Ed25519PublicKey Ed25519PrivateKey::public_key() const {
  Ed25519PublicKey::Bytes bytes{};
  std::size_t size = bytes.size();
  OSTLER_ASSERT(::EVP_PKEY_get_raw_public_key(key_->pair.get(), bytes.data(), &size) == 1);
  return Ed25519PublicKey(bytes);
}

std::string Ed25519PrivateKey::sign(std::string_view message) const {
  const SigningContext context(::EVP_MD_CTX_new());
  OSTLER_ASSERT(context != nullptr);
  OSTLER_ASSERT(::EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_->pair.get()) ==
                1);
  std::string signature(kSignatureSize, '\0');
  std::size_t size = signature.size();
  OSTLER_ASSERT(::EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()),
                                 &size, signed_bytes(message), message.size()) == 1);
  return signature;
}

Result<Ed25519PublicKey> Ed25519PublicKey::from_pem(std::string_view pem) {
  const ReadBio bio = bio_of(pem);
  const PairOfKeys key(::PEM_read_bio_PUBKEY(bio.get(), nullptr, no_passphrase, nullptr));
  if (key == nullptr || !is_ed25519(key.get())) {
    return Error(Errc::UserFault,
                 std::string(key == nullptr ? "not a public key in PEM" : "not an Ed25519 key") +
                     "; `openssl pkey -in KEY -pubout` writes that of a key");
  }
  Bytes bytes{};
  std::size_t size = bytes.size();
  OSTLER_ASSERT(::EVP_PKEY_get_raw_public_key(key.get(), bytes.data(), &size) == 1);
  return Ed25519PublicKey(bytes);
}

Result<Ed25519PublicKey> Ed25519PublicKey::from_text(std::string_view text) {
  Bytes bytes{};
  std::optional<std::string> decoded;
  if (text.starts_with(kTextPrefix)) decoded = decode_base64(text.substr(kTextPrefix.size()));
  if (!decoded || decoded->size() != bytes.size()) {
    return Error(Errc::UserFault, "a key is \"ed25519:\" and base64 of 32 bytes");
  }
  std::ranges::copy(*decoded, bytes.begin());
  return Ed25519PublicKey(bytes);
}

std::string Ed25519PublicKey::text() const {
  return std::string(kTextPrefix) +
         base64({reinterpret_cast<const char*>(bytes_.data()), bytes_.size()});
}

bool Ed25519PublicKey::verifies(std::string_view message, std::string_view signature) const {
  const PairOfKeys key(
      ::EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes_.data(), bytes_.size()));
  const SigningContext context(::EVP_MD_CTX_new());
  OSTLER_ASSERT(context != nullptr);
  return key != nullptr && signature.size() == kSignatureSize &&
         ::EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
         ::EVP_DigestVerify(context.get(), signed_bytes(signature), signature.size(),
                            signed_bytes(message), message.size()) == 1;
}

}  // namespace ostler::crypto
