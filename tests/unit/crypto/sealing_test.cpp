// SPDX-License-Identifier: Apache-2.0
#include "crypto/sealing.hpp"

#include <gtest/gtest.h>

#include "crypto/random.hpp"

namespace ostler::crypto {
namespace {

const Secret kKey(std::string(kSealingKeySize, 'k'));

TEST(Sealing, GivesBackWhatWasSealed) {
  for (const std::string& text :
       {std::string(), std::string("hello"), std::string(100'000, 'x'), std::string("a\0b", 3)}) {
    const std::string sealed = seal(kKey, "there", Secret(text));
    EXPECT_EQ(sealed.find("hello"), std::string::npos);
    EXPECT_EQ(open_sealed(kKey, "there", sealed).value().reveal(), text);
  }
}

TEST(Sealing, NeverSealsAlike) {
  EXPECT_NE(seal(kKey, "", Secret("x")), seal(kKey, "", Secret("x")));
}

TEST(Sealing, OpensNothingElse) {
  const std::string sealed = seal(kKey, "here", Secret("hello"));
  EXPECT_FALSE(open_sealed(Secret(random_bytes(kSealingKeySize)), "here", sealed));
  EXPECT_FALSE(open_sealed(kKey, "there", sealed));
  for (std::size_t at = 0; at < sealed.size(); ++at) {
    std::string changed = sealed;
    changed[at] = changed[at] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(open_sealed(kKey, "here", changed)) << at;
    EXPECT_FALSE(open_sealed(kKey, "here", sealed.substr(0, at))) << at;
  }
}

}  // namespace
}  // namespace ostler::crypto
