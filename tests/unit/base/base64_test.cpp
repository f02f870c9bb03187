// SPDX-License-Identifier: Apache-2.0
#include "base/base64.hpp"

#include <gtest/gtest.h>

namespace ostler {
namespace {

TEST(Base64, EncodesTheExamplesOfItsRfc) {
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("f"), "Zg==");
  EXPECT_EQ(base64("fo"), "Zm8=");
  EXPECT_EQ(base64("foo"), "Zm9v");
  EXPECT_EQ(base64("foob"), "Zm9vYg==");
  EXPECT_EQ(base64("\xfb\xff"), "+/8=");
}

TEST(Base64, ReadsWhatItWritesAndNothingElse) {
  std::string bytes;
  for (int byte = 0; byte < 256; ++byte) {
    bytes += static_cast<char>(byte);
    EXPECT_EQ(decode_base64(base64(bytes)), bytes);
  }
  EXPECT_EQ(decode_base64(""), "");
  for (const char* text : {"Z", "Zg", "Zg=", "Zg==x", "Zh==", "Zm9v=", "Zm 9v", "-_8=", "===="}) {
    EXPECT_FALSE(decode_base64(text)) << text;
  }
}

TEST(Base64, ForUrlsHasAnAlphabetOfItsOwnAndNoPadding) {
  EXPECT_EQ(base64_url("f"), "Zg");
  EXPECT_EQ(base64_url("\xfb\xff"), "-_8");
}

}  // namespace
}  // namespace ostler
