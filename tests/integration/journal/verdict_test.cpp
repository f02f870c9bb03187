// SPDX-License-Identifier: Apache-2.0
#include "journal/verdict.hpp"

#include <gtest/gtest.h>

namespace ostler::journal {
namespace {

TEST(Verdict, RoundTripsEveryCause) {
  for (std::uint16_t number = 0; cause_of(number); ++number) {
    const Verdict verdict{*cause_of(number), -1, 15, "because"};
    EXPECT_EQ(decode_verdict(encode(verdict)).value(), verdict);
    EXPECT_FALSE(to_string(verdict.cause).empty());
  }
}

TEST(Verdict, CutsEvidenceToWhatIsReservedForIt) {
  const Verdict verdict{Cause::WorkerLost, -1, 0, std::string(1u << 20, 'e')};
  EXPECT_EQ(decode_verdict(encode(verdict)).value().evidence.size(), kMaxEvidence);
}

TEST(Verdict, RefusesUnknownCausesAndShortPayloads) {
  std::string bytes = encode(Verdict{});
  bytes[0] = 99;
  EXPECT_EQ(decode_verdict(bytes).error().code(), Errc::Corrupt);
  EXPECT_EQ(decode_verdict("").error().code(), Errc::Corrupt);
}

}  // namespace
}  // namespace ostler::journal
