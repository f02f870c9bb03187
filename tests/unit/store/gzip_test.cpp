// SPDX-License-Identifier: Apache-2.0
#include "store/gzip.hpp"

#include <gtest/gtest.h>
#include <libdeflate.h>

namespace ostler::store {
namespace {

std::string gzip(std::string_view text) {
  auto* compressor = libdeflate_alloc_compressor(1);
  std::string bytes(libdeflate_gzip_compress_bound(compressor, text.size()), '\0');
  bytes.resize(
      libdeflate_gzip_compress(compressor, text.data(), text.size(), bytes.data(), bytes.size()));
  libdeflate_free_compressor(compressor);
  return bytes;
}

TEST(Gzip, GivesBackWhatWasCompressed) {
  for (const std::string& text : {std::string(), std::string("a\n"), std::string(300'000, 'x')}) {
    EXPECT_EQ(gunzip(gzip(text), text.size()).value(), text);
    EXPECT_TRUE(check_gzip(gzip(text), text.size()));
  }
}

TEST(Gzip, ReadsSeveralMembersAsOneText) {
  EXPECT_EQ(gunzip(gzip("one ") + gzip("two"), 7).value(), "one two");
}

TEST(Gzip, RefusesAStreamThatHoldsAnotherNumberOfBytes) {
  const std::string bomb = gzip(std::string(10'000'000, 'x'));
  EXPECT_EQ(check_gzip(bomb, 100).error().code(), Errc::UserFault);
  EXPECT_EQ(check_gzip(gzip("abc"), 4).error().code(), Errc::UserFault);
}

TEST(Gzip, RefusesWhatIsNoGzip) {
  const std::string good = gzip("some text that is long enough to be cut");
  for (const std::string& bad :
       {std::string(), std::string("plain text"), good.substr(0, good.size() / 2),
        good + "trailing", std::string(40, '\0')}) {
    EXPECT_EQ(check_gzip(bad, 39).error().code(), Errc::UserFault);
  }
}

}  // namespace
}  // namespace ostler::store
