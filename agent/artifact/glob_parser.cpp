// SPDX-License-Identifier: Apache-2.0
#include "artifact/glob_parser.hpp"

#include <string>

namespace ostler::artifact {
namespace {

using Kind = GlobItem::Kind;

constexpr std::size_t kLongestPattern = 16u * 1024;  // bytes
constexpr int kDeepestNesting = 32;
constexpr char32_t kBytesOutsideUtf8 = 0x110000;

class Parser {
 public:
  explicit Parser(std::string_view text) : whole_(text), rest_(text) {}

  Result<GlobSequence> whole() {
    if (whole_.size() > kLongestPattern) return fault("is longer than 16 KiB");
    return sequence(0);
  }

 private:
  Error fault(const std::string& what) const {
    return Error(Errc::UserFault, "glob \"" + std::string(whole_.substr(0, 200)) + "\" " + what +
                                      "; write \\ before a character to take it as it is");
  }

  bool at_end() const { return rest_.empty(); }
  bool next_is(std::string_view text) const { return rest_.starts_with(text); }

  char32_t take() {
    const auto [character, size] = next_character(rest_);
    rest_.remove_prefix(size);
    return character;
  }

  Result<char32_t> take_escaped() {
    const char32_t character = take();
    if (character != U'\\') return character;
    if (at_end()) return fault("ends in a backslash");
    return take();
  }

  bool at_component_start() const {
    const std::size_t at = whole_.size() - rest_.size();
    return at == 0 || whole_[at - 1] == '/';
  }

  // Ends at the end of the text, or inside an alternation before "," or "}".
  Result<GlobSequence> sequence(int depth) {
    GlobSequence items;
    while (!at_end() && !(depth > 0 && (next_is(",") || next_is("}")))) {
      OSTLER_TRY(auto next, item(depth));
      items.push_back(std::move(next));
    }
    return items;
  }

  Result<GlobItem> item(int depth) {
    if (next_is("**")) return double_star();
    if (next_is("[")) return character_class();
    if (next_is("{")) return alternation(depth);
    if (next_is("]")) return fault("has a ] without a [");
    if (next_is("*") || next_is("?")) {
      return GlobItem{.kind = take() == U'*' ? Kind::Star : Kind::Question};
    }
    OSTLER_TRY(const char32_t character, take_escaped());
    return GlobItem{.kind = Kind::Literal, .literal = character};
  }

  // "a/**/b" matches "a/b": the component with its slash may be absent.
  GlobItem double_star() {
    const bool starts_component = at_component_start();
    while (next_is("*")) rest_.remove_prefix(1);
    if (!starts_component || !next_is("/")) return {.kind = Kind::DoubleStar};
    rest_.remove_prefix(1);
    return {.kind = Kind::Alternation,
            .branches = {{},
                         {GlobItem{.kind = Kind::DoubleStar},
                          GlobItem{.kind = Kind::Literal, .literal = U'/'}}}};
  }

  Result<GlobItem> character_class() {
    rest_.remove_prefix(1);
    GlobItem item{.kind = Kind::Class};
    if (next_is("^")) {
      rest_.remove_prefix(1);
      item.negated = true;
    }
    while (!next_is("]")) {
      if (at_end()) return fault("has a [ without a ]");
      OSTLER_TRY(const char32_t first, take_escaped());
      char32_t last = first;
      if (next_is("-") && rest_.size() > 1 && rest_[1] != ']') {
        rest_.remove_prefix(1);
        OSTLER_TRY(last, take_escaped());
      }
      if (last < first) return fault("has a range in [] that runs backwards");
      item.ranges.emplace_back(first, last);
    }
    rest_.remove_prefix(1);
    return item;
  }

  Result<GlobItem> alternation(int depth) {
    if (depth == kDeepestNesting) return fault("nests {} deeper than 32");
    GlobItem item{.kind = Kind::Alternation};
    do {
      rest_.remove_prefix(1);  // "{" or ","
      OSTLER_TRY(auto branch, sequence(depth + 1));
      item.branches.push_back(std::move(branch));
      if (at_end()) return fault("has a { without a }");
    } while (next_is(","));
    rest_.remove_prefix(1);
    return item;
  }

  std::string_view whole_;
  std::string_view rest_;
};

std::size_t size_of_character(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead < 0xe0) return 2;
  if (lead >= 0xe0 && lead < 0xf0) return 3;
  if (lead >= 0xf0 && lead < 0xf5) return 4;
  return 0;
}

}  // namespace

std::pair<char32_t, std::size_t> next_character(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const std::size_t size = size_of_character(lead);
  if (size == 1) return {lead, 1};
  if (size == 0 || size > text.size()) return {kBytesOutsideUtf8 + lead, 1};
  char32_t character = lead & (0x7fu >> size);
  for (std::size_t i = 1; i < size; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xc0u) != 0x80u) return {kBytesOutsideUtf8 + lead, 1};
    character = character << 6 | (byte & 0x3fu);
  }
  return {character, size};
}

Result<GlobSequence> parse_glob(std::string_view pattern) { return Parser(pattern).whole(); }

}  // namespace ostler::artifact
