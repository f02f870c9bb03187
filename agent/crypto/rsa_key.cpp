// SPDX-License-Identifier: Apache-2.0
#include "crypto/rsa_key.hpp"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <utility>

#include "base/assert.hpp"

namespace ostler::crypto {
namespace {

constexpr unsigned kBits = 2048;

struct FreeBio {
  void operator()(BIO* bio) const { ::BIO_free_all(bio); }
};
using Bio = std::unique_ptr<BIO, FreeBio>;

std::string number_of(EVP_PKEY* key, const char* name) {
  BIGNUM* number = nullptr;
  OSTLER_ASSERT(::EVP_PKEY_get_bn_param(key, name, &number) == 1);
  std::string bytes(static_cast<std::size_t>(BN_num_bytes(number)), '\0');
  ::BN_bn2bin(number, reinterpret_cast<unsigned char*>(bytes.data()));
  ::BN_free(number);
  return bytes;
}

}  // namespace

struct RsaKey::Key {
  explicit Key(EVP_PKEY* the_pair) : pair(the_pair) {}
  ~Key() { ::EVP_PKEY_free(pair); }
  Key(const Key&) = delete;
  Key& operator=(const Key&) = delete;

  EVP_PKEY* pair;
};

RsaKey::RsaKey(std::unique_ptr<Key> key) : key_(std::move(key)) {}
RsaKey::~RsaKey() = default;
RsaKey::RsaKey(RsaKey&&) noexcept = default;
RsaKey& RsaKey::operator=(RsaKey&&) noexcept = default;

RsaKey RsaKey::make() {
  EVP_PKEY* pair = EVP_RSA_gen(kBits);
  OSTLER_ASSERT(pair != nullptr);
  return RsaKey(std::make_unique<Key>(pair));
}

Result<RsaKey> RsaKey::from_pem(const Secret& pem) {
  const Bio bio(::BIO_new_mem_buf(pem.reveal().data(), static_cast<int>(pem.reveal().size())));
  OSTLER_ASSERT(bio != nullptr);
  EVP_PKEY* pair = ::PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr);
  if (pair == nullptr) return Error(Errc::Corrupt, "it is not a private key in PEM");
  RsaKey key(std::make_unique<Key>(pair));
  if (::EVP_PKEY_get_base_id(pair) != EVP_PKEY_RSA) {
    return Error(Errc::Corrupt, "it is not an RSA key");
  }
  return key;
}

Secret RsaKey::pem() const {
  const Bio bio(::BIO_new(::BIO_s_mem()));
  OSTLER_ASSERT(bio != nullptr);
  OSTLER_ASSERT(::PEM_write_bio_PKCS8PrivateKey(bio.get(), key_->pair, nullptr, nullptr, 0, nullptr,
                                                nullptr) == 1);
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  return Secret(std::string(text, static_cast<std::size_t>(size)));
}

std::string RsaKey::sign(std::string_view message) const {
  const std::unique_ptr<EVP_MD_CTX, decltype(&::EVP_MD_CTX_free)> context(::EVP_MD_CTX_new(),
                                                                          ::EVP_MD_CTX_free);
  OSTLER_ASSERT(context != nullptr);
  const auto* bytes = reinterpret_cast<const unsigned char*>(message.data());
  std::size_t size = 0;
  OSTLER_ASSERT(::EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_->pair) ==
                1);
  OSTLER_ASSERT(::EVP_DigestSign(context.get(), nullptr, &size, bytes, message.size()) == 1);
  std::string signature(size, '\0');
  OSTLER_ASSERT(::EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()),
                                 &size, bytes, message.size()) == 1);
  signature.resize(size);
  return signature;
}

std::string RsaKey::modulus() const { return number_of(key_->pair, OSSL_PKEY_PARAM_RSA_N); }
std::string RsaKey::exponent() const { return number_of(key_->pair, OSSL_PKEY_PARAM_RSA_E); }

}  // namespace ostler::crypto
