// SPDX-License-Identifier: Apache-2.0
#include "crypto/rsa_key.hpp"

#include <gtest/gtest.h>

namespace ostler::crypto {
namespace {

TEST(RsaKey, IsTheSameAfterItWasWrittenAndRead) {
  const RsaKey key = RsaKey::make();
  const RsaKey read = RsaKey::from_pem(key.pem()).value();
  EXPECT_EQ(read.modulus(), key.modulus());
  EXPECT_EQ(read.exponent(), std::string("\x01\x00\x01", 3));
  EXPECT_EQ(key.modulus().size(), 256u);
  EXPECT_EQ(read.sign("message"), key.sign("message"));
  EXPECT_NE(read.sign("message"), read.sign("another"));
  EXPECT_NE(RsaKey::make().modulus(), key.modulus());
}

TEST(RsaKey, IsNotReadFromAnythingElse) {
  EXPECT_FALSE(RsaKey::from_pem(Secret("")));
  EXPECT_FALSE(RsaKey::from_pem(Secret("-----BEGIN PRIVATE KEY-----\nAAAA\n")));
}

}  // namespace
}  // namespace ostler::crypto
