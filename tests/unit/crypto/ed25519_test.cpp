// SPDX-License-Identifier: Apache-2.0
#include "crypto/ed25519.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/base64.hpp"
#include "crypto/hex.hpp"
#include "support/signing_key.hpp"

namespace ostler::crypto {
namespace {

using support::SigningKey;
using testing::HasSubstr;

std::string hex_of(std::string_view bytes) {
  return to_hex({reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()});
}

// RFC 8032, section 7.1, test 2.
constexpr const char* kSeed = "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb";
constexpr const char* kSignature =
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d"
    "8c387b2eaeb4302aeeb00d291612bb0c00";

TEST(Ed25519, SignsAsTheStandardSays) {
  const SigningKey key(kSeed);
  const auto pair = Ed25519PrivateKey::from_pem(Secret(key.pem()));
  ASSERT_TRUE(pair) << pair.error().message();
  EXPECT_EQ(hex_of(pair.value().sign("\x72")), kSignature);
  EXPECT_EQ(pair.value().public_key().text(),
            "ed25519:PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=");
}

TEST(Ed25519, VerifiesThatMessageByThatKeyOnly) {
  const SigningKey key(kSeed);
  const auto pair = Ed25519PrivateKey::from_pem(Secret(key.pem())).value();
  const auto publisher = Ed25519PublicKey::from_text(pair.public_key().text()).value();
  std::string signature = pair.sign("manifest");
  EXPECT_TRUE(publisher.verifies("manifest", signature));
  EXPECT_FALSE(publisher.verifies("manifesto", signature));
  const auto other = Ed25519PrivateKey::from_pem(Secret(SigningKey(1).pem())).value();
  EXPECT_FALSE(other.public_key().verifies("manifest", signature));
  EXPECT_FALSE(publisher.verifies("manifest", ""));
  signature.front() = static_cast<char>(signature.front() ^ 1);
  EXPECT_FALSE(publisher.verifies("manifest", signature));
}

TEST(Ed25519, ReadsThePublicHalfThatOpensslWrites) {
  const SigningKey key(kSeed);
  const auto pair = Ed25519PrivateKey::from_pem(Secret(key.pem())).value();
  const auto read = Ed25519PublicKey::from_pem(key.public_pem());
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_EQ(read.value(), pair.public_key());
}

TEST(Ed25519, RefusesWhatIsNoSuchKey) {
  const auto said = [](const std::string& pem) {
    return Ed25519PrivateKey::from_pem(Secret(pem)).error().message();
  };
  EXPECT_THAT(said("no key"), HasSubstr("not a private key in PEM; `openssl genpkey"));
  EXPECT_THAT(said(SigningKey(1).public_pem()), HasSubstr("not a private key in PEM"));
  EXPECT_THAT(said("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"), HasSubstr("with a passphrase"));
  EXPECT_THAT(Ed25519PublicKey::from_pem(SigningKey(1).pem()).error().message(),
              HasSubstr("-pubout"));
  for (const char* text : {"", "ed25519:", "ed25519:AAAA", "PUAX", "ed25519:%%%%"}) {
    EXPECT_FALSE(Ed25519PublicKey::from_text(text)) << text;
  }
}

}  // namespace
}  // namespace ostler::crypto
