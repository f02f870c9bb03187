// SPDX-License-Identifier: Apache-2.0
#include "redact/needle_set.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "redact/follow.hpp"

namespace ostler::redact {
namespace {

constexpr std::size_t kHead = 4;  // bytes
constexpr std::size_t kLongestStride = 8;
constexpr unsigned kSmallestMap = 12;
constexpr unsigned kLargestMap = 20;  // bits as a power of two: 128 KiB, still in the second cache

template <class Word>
Word load(const char* at) {
  Word word;
  std::memcpy(&word, at, sizeof word);
  return word;
}

std::uint32_t hash(std::uint32_t window) { return window * 0x9E3779B1u; }

std::uint64_t bit(const std::vector<std::uint64_t>& map, std::size_t index) {
  return map[index / 64] >> (index % 64) & 1;
}

void set_bit(std::vector<std::uint64_t>& map, std::size_t index) {
  map[index / 64] |= std::uint64_t{1} << (index % 64);
}

/// In this form the order of heads is the order of the needles.
std::uint32_t ordered_head(std::string_view needle) {
  return __builtin_bswap32(load<std::uint32_t>(needle.data()));
}

/// Bytes before the first break.
std::size_t first_line(std::string_view needle) {
  return std::min(needle.find('\n'), needle.size());
}

bool is_long(std::string_view needle) { return first_line(needle) >= kHead; }

std::string_view trimmed(std::string_view line) {
  while (!line.empty() && is_space(line.front())) line.remove_prefix(1);
  while (!line.empty() && is_space(line.back())) line.remove_suffix(1);
  return line;
}

void sort_in(std::vector<std::string>& needles) {
  std::ranges::sort(needles);
  const auto doubles = std::ranges::unique(needles);
  needles.erase(doubles.begin(), doubles.end());
}

}  // namespace

void NeedleSet::add(std::string_view secret) {
  if (std::ranges::all_of(secret, is_space)) return;
  add_form(secret);
  const std::string quoted = go_quoted(secret);
  if (quoted != secret) add_form(quoted);
}

void NeedleSet::add_form(std::string_view form) {
  std::string needle;
  while (!form.empty()) {
    const std::size_t end = std::min(form.find('\n'), form.size());
    const std::string_view line = trimmed(form.substr(0, end));
    if (!line.empty() && !needle.empty()) needle += '\n';
    needle += line;
    form.remove_prefix(std::min(end + 1, form.size()));
  }
  if (!needle.empty()) incoming_.push_back(std::move(needle));
}

void NeedleSet::prepare() {
  if (incoming_.empty()) return;
  for (std::string& needle : incoming_) {
    auto& group = is_long(needle) ? long_ : short_;
    group.push_back(std::move(needle));
  }
  incoming_.clear();
  sort_in(long_);
  sort_in(short_);
  index();
}

/// Every `stride_`-th window of a text is looked at. So that a needle cannot begin unseen, the
/// bitmap holds the windows at the first `stride_` places of each.
void NeedleSet::index() {
  std::size_t shortest = kHead + kLongestStride - 1;
  for (const std::string& needle : long_) shortest = std::min(shortest, first_line(needle));
  stride_ = shortest - kHead + 1;
  const unsigned bits =
      std::clamp(static_cast<unsigned>(std::bit_width(long_.size() * stride_ * 32)), kSmallestMap,
                 kLargestMap);
  window_shift_ = 32 - bits;
  windows_.assign((std::size_t{1} << bits) / 64, 0);
  heads_.clear();
  for (const std::string& needle : long_) {
    heads_.push_back(ordered_head(needle));
    for (std::size_t at = 0; at < stride_; ++at) {
      set_bit(windows_, hash(load<std::uint32_t>(needle.data() + at)) >> window_shift_);
    }
  }
  index_short();
}

void NeedleSet::index_short() {
  if (short_.empty()) return;
  short_heads_.assign((1 << 16) / 64, 0);
  for (const std::string& needle : short_) {
    const bool one_byte = needle.size() == 1 || needle[1] == '\n';
    for (int second = 0; second < 256; ++second) {
      const char head[2] = {needle[0], static_cast<char>(second)};
      if (one_byte || head[1] == needle[1]) set_bit(short_heads_, load<std::uint16_t>(head));
    }
  }
}

std::uint64_t NeedleSet::window_bit(std::uint32_t window) const {
  return bit(windows_, hash(window) >> window_shift_);
}

std::size_t NeedleSet::next_candidate(std::string_view text, std::size_t from) const {
  if (long_.empty() && short_.empty()) return text.size();
  const char* const bytes = text.data();
  std::size_t place = from;
  if (short_.empty()) {
    for (; place + stride_ + kHead - 1 <= text.size(); place += stride_) {
      if (window_bit(load<std::uint32_t>(bytes + place + stride_ - 1)) == 0) continue;
      for (std::size_t start = place; start < place + stride_; ++start) {
        if (window_bit(load<std::uint32_t>(bytes + start)) != 0) return start;
      }
    }
  }
  const std::size_t undecidable = text.size() - std::min<std::size_t>(text.size(), kHead - 1);
  for (; place < undecidable; ++place) {
    if (window_bit(load<std::uint32_t>(bytes + place)) != 0) return place;
    if (!short_.empty() && bit(short_heads_, load<std::uint16_t>(bytes + place)) != 0) return place;
  }
  return place;
}

std::span<const std::string> NeedleSet::with_head(std::string_view head) const {
  const auto range = std::ranges::equal_range(heads_, ordered_head(head));
  return std::span(long_).subspan(static_cast<std::size_t>(range.begin() - heads_.begin()),
                                  range.size());
}

NeedleSet::Finding NeedleSet::find_at(std::string_view text, std::size_t place) const {
  Finding finding;
  if (text.size() - place < kHead) {
    follow(long_, text, {place, 0}, finding);
  } else {
    follow(with_head(text.substr(place, kHead)), text, {place + kHead, kHead}, finding);
  }
  if (!short_.empty()) follow(short_, text, {place, 0}, finding);
  return finding;
}

}  // namespace ostler::redact
