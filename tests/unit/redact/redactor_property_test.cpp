// SPDX-License-Identifier: Apache-2.0
// The engine against a reference that is too slow to use and too simple to be wrong.
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <random>
#include <set>
#include <vector>

#include "redact/redactor.hpp"

namespace ostler::redact {
namespace {

constexpr std::string_view kSpace = " \t\r\n\v";

bool is_blank(char byte) { return kSpace.find(byte) != kSpace.npos; }

std::vector<std::string> lines_of(const std::string& secret) {
  std::vector<std::string> lines(1);
  for (const char byte : secret) {
    if (byte == '\n') {
      lines.emplace_back();
    } else {
      lines.back() += byte;
    }
  }
  for (std::string& line : lines) {
    while (!line.empty() && is_blank(line.back())) line.pop_back();
    while (!line.empty() && is_blank(line.front())) line.erase(0, 1);
  }
  std::erase(lines, "");
  return lines;
}

std::optional<std::size_t> match_end(const std::vector<std::string>& lines, const std::string& text,
                                     std::size_t place) {
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i > 0) {
      const std::size_t begin = place;
      while (place < text.size() && is_blank(text[place])) ++place;
      if (place == begin) return std::nullopt;
    }
    if (text.compare(place, lines[i].size(), lines[i]) != 0) return std::nullopt;
    place += lines[i].size();
  }
  return place;
}

std::string reference(const std::vector<std::string>& secrets, const std::string& text) {
  std::vector<std::vector<std::string>> needles;
  for (const std::string& secret : secrets) {
    for (const std::string& form : {secret, go_quoted(secret)}) {
      if (auto lines = lines_of(form); !lines.empty()) needles.push_back(std::move(lines));
    }
  }
  std::string out;
  std::size_t covered = 0;
  for (std::size_t place = 0; place < text.size(); ++place) {
    std::size_t end = 0;
    for (const auto& lines : needles)
      end = std::max(end, match_end(lines, text, place).value_or(0));
    if (end > 0 && place >= covered) out += "[REDACTED]";
    covered = std::max(covered, end);
    if (place >= covered) out += text[place];
  }
  return out;
}

class Dice {
 public:
  explicit Dice(unsigned seed) : engine_(seed) {}
  std::size_t below(std::size_t limit) {
    return std::uniform_int_distribution<std::size_t>(0, limit - 1)(engine_);
  }
  std::string text(std::size_t size, std::string_view alphabet) {
    std::string out;
    while (out.size() < size) out += alphabet[below(alphabet.size())];
    return out;
  }

 private:
  std::mt19937 engine_;
};

std::string text_with(const std::vector<std::string>& secrets, std::string_view alphabet,
                      Dice& dice) {
  std::string text;
  for (std::size_t part = 0; part < 12; ++part) {
    text += dice.text(dice.below(9), alphabet);
    const std::string& secret = secrets[dice.below(secrets.size())];
    text += secret.substr(0, dice.below(3) == 0 ? dice.below(secret.size() + 1) : secret.size());
  }
  return text;
}

std::string engine(const std::vector<std::string>& secrets, const std::string& text, Dice& dice) {
  NeedleSet needles;
  for (const std::string& secret : secrets) needles.add(secret);
  Redactor redactor(needles);
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t size = std::min(text.size() - at, dice.below(14));
    redactor.write(std::string_view(text).substr(at, size), out);
    at += size;
  }
  redactor.flush(out);
  return out;
}

class RedactorProperty : public testing::TestWithParam<std::string_view> {};

TEST_P(RedactorProperty, AgreesWithTheReferenceOnRandomTextAndSplits) {
  for (unsigned seed = 0; seed < 4000; ++seed) {
    Dice dice(seed);
    std::vector<std::string> secrets;
    for (std::size_t i = 0, count = 1 + dice.below(6); i < count; ++i) {
      secrets.push_back(dice.text(1 + dice.below(12), GetParam()));
    }
    const std::string text = text_with(secrets, GetParam(), dice);
    ASSERT_EQ(engine(secrets, text, dice), reference(secrets, text)) << "seed " << seed;
  }
}

INSTANTIATE_TEST_SUITE_P(Alphabets, RedactorProperty,
                         testing::Values("ab", "ab\n", "ab \n\t", "abcdefgh\"\\\n",
                                         "abcdefghijklmnopqrstuvwxyz0123456789 \n"));

TEST(RedactorWithManyNeedles, AgreesWithTheReference) {
  Dice dice(7);
  std::vector<std::string> secrets;
  for (int i = 0; i < 300; ++i)
    secrets.push_back("ghp_" + dice.text(4 + dice.below(30), "abc0123"));
  for (int i = 0; i < 30; ++i) secrets.push_back(dice.text(1 + dice.below(5), "xyz\n"));
  for (int round = 0; round < 40; ++round) {
    const std::string text = text_with(secrets, "abc0123 xyz\n", dice);
    ASSERT_EQ(engine(secrets, text, dice), reference(secrets, text));
  }
}

}  // namespace
}  // namespace ostler::redact
