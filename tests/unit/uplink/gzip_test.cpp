// SPDX-License-Identifier: Apache-2.0
#include "uplink/gzip.hpp"

#include <gtest/gtest.h>
#include <libdeflate.h>

namespace ostler::uplink {
namespace {

std::string inflate(const std::string& packed, std::size_t size) {
  std::string bytes(size, '\0');
  auto* inflater = libdeflate_alloc_decompressor();
  const auto result = libdeflate_gzip_decompress(inflater, packed.data(), packed.size(),
                                                 bytes.data(), bytes.size(), nullptr);
  libdeflate_free_decompressor(inflater);
  return result == LIBDEFLATE_SUCCESS ? bytes : "<damaged>";
}

TEST(Gzip, GivesBackWhatItWasGiven) {
  std::string bytes;
  for (int i = 0; i < 50'000; ++i) bytes += "line " + std::to_string(i) + "\n";
  const std::string packed = gzip(bytes);
  EXPECT_LT(packed.size(), bytes.size() / 2);
  EXPECT_EQ(inflate(packed, bytes.size()), bytes);
}

TEST(Gzip, TakesASingleByte) { EXPECT_EQ(inflate(gzip("x"), 1), "x"); }

}  // namespace
}  // namespace ostler::uplink
