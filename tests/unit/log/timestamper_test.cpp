// SPDX-License-Identifier: Apache-2.0
#include "log/timestamper.hpp"

#include <gtest/gtest.h>

#include <initializer_list>

namespace ostler::log {
namespace {

class SetClock final : public Clock {
 public:
  Timestamp now() const override { return time; }
  std::chrono::nanoseconds since_boot() const override { return std::chrono::nanoseconds(0); }
  Timestamp time{1'700'000'000'000'000};
};

class TimestamperTest : public testing::Test {
 protected:
  std::string write(std::string_view bytes) {
    std::string out;
    stamper_.write(bytes, out);
    return out;
  }
  /// What was written, with every code shown as <ms since the start>.
  std::string seen(std::initializer_list<std::string_view> writes) {
    std::string out;
    for (const auto bytes : writes) stamper_.write(bytes, out);
    return readable(out);
  }
  static std::string readable(std::string out) {
    const std::string begin = "\x1b_bk;t=1700000000";
    for (auto at = out.find(begin); at != out.npos; at = out.find(begin)) {
      out[out.find('\a', at)] = '>';
      out.replace(at, begin.size(), "<");
    }
    return out;
  }

  SetClock clock_;
  Timestamper stamper_{clock_};
};

TEST_F(TimestamperTest, WritesTheCodeByteForByte) {
  EXPECT_EQ(write("x"), "\x1b_bk;t=1700000000000\ax");
}

TEST_F(TimestamperTest, StampsEachLineAtItsFirstByte) {
  EXPECT_EQ(seen({"one\ntwo\n"}), "<000>one\n<000>two\n");
  clock_.time.micros += 5'000;
  EXPECT_EQ(seen({"three"}), "<005>three");
  EXPECT_EQ(seen({""}), "");
  EXPECT_EQ(seen({" goes on\n"}), " goes on\n");
}

TEST_F(TimestamperTest, StampsAfterEraseLineSequences) {
  EXPECT_EQ(seen({"1%\x1b[K2%\x1b[0K3%\x1b[1K4%\x1b[2K5%"}),
            "<000>1%\x1b[K<000>2%\x1b[0K<000>3%\x1b[1K<000>4%\x1b[2K<000>5%");
  EXPECT_EQ(seen({"a\x1b[3Kb\x1b[02Kc\x1b[Jd"}), "a\x1b[3Kb\x1b[02Kc\x1b[Jd");
}

TEST_F(TimestamperTest, StampsALineAgainAfterMoreThanASecond) {
  EXPECT_EQ(seen({"."}), "<000>.");
  clock_.time.micros += 1'000'000;
  EXPECT_EQ(seen({"."}), ".");
  clock_.time.micros += 1;
  EXPECT_EQ(readable(write(".")), "\x1b_bk;t=1700000001000\a.");
}

TEST_F(TimestamperTest, NeverStampsInsideASequence) {
  for (const std::string_view code : {"\x1b[1;31m", "\x1b]0;title\a", "\x1b]8;;http://x\x1b\\",
                                      "\x1bPq#0\x1b\\", "\x1b_note\x1b\\", "\x1b^pm\a", "\x1b(B"}) {
    for (std::size_t cut = 1; cut < code.size(); ++cut) {
      SetClock clock;
      Timestamper stamper(clock);
      std::string out;
      stamper.write(code.substr(0, cut), out);
      clock.time.micros += 2'000'000;
      stamper.write(code.substr(cut), out);
      EXPECT_EQ(out, "\x1b_bk;t=1700000000000\a" + std::string(code)) << cut;
      stamper.write("x", out);
      EXPECT_TRUE(out.ends_with("\x1b_bk;t=1700000002000\ax"));
    }
  }
}

TEST_F(TimestamperTest, FindsAnEraseLineSequenceSplitOverWrites) {
  EXPECT_EQ(seen({"a\x1b", "[", "2", "K", "b"}), "<000>a\x1b[2K<000>b");
}

TEST_F(TimestamperTest, StampsALineThatBrokeInsideASequenceWhenTheSequenceEnds) {
  EXPECT_EQ(seen({"\x1b]0;two\nlines\ab"}), "<000>\x1b]0;two\nlines\a<000>b");
}

TEST_F(TimestamperTest, ChangesNothingElseHoweverTheBytesAreSplit) {
  const std::string text = "a\r\n\x1b[1mb\x1b[0m\n\x1b]0;t\a\x1b[Kc\n\n\x1b[2Kd";
  const std::string whole = write(text);
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    SetClock clock;
    Timestamper stamper(clock);
    std::string out;
    stamper.write(std::string_view(text).substr(0, cut), out);
    stamper.write(std::string_view(text).substr(cut), out);
    EXPECT_EQ(out, whole) << cut;
  }
}

}  // namespace
}  // namespace ostler::log
