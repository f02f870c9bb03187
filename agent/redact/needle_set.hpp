// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ostler::redact {

/// The texts that must not be shown, indexed for search in a stream. They only accumulate.
///
/// A needle is kept as its non-blank lines, each trimmed; between two of them any run of white
/// space (space, tab, CR, LF, VT; at most 64 KiB) matches. Not thread-safe.
class NeedleSet {
 public:
  /// What the needles say about one place in a text.
  struct Finding {
    std::size_t match_end = 0;  ///< one past the longest needle that begins there; 0: none does
    bool open = false;          ///< the text ends before it is clear whether a longer one does
  };

  /// Adds a secret and, where it differs, its Go-quoted form. Blank secrets are ignored; any other
  /// length is taken.
  void add(std::string_view secret);

  bool empty() const { return incoming_.empty() && long_.empty() && short_.empty(); }

  /// Sorts what was added since; cheap when nothing was. Call before the two below.
  void prepare();

  /// The first place at or after `from` where a needle may begin; `text.size()` when there is none.
  /// The last three bytes are always such places, unless the set is empty.
  std::size_t next_candidate(std::string_view text, std::size_t from) const;

  /// What begins at `place`. Requires: place < text.size().
  Finding find_at(std::string_view text, std::size_t place) const;

 private:
  void add_form(std::string_view form);
  void index();
  void index_short();
  std::uint64_t window_bit(std::uint32_t window) const;
  std::span<const std::string> with_head(std::string_view head) const;

  // Needles are sorted byte strings in which LF stands for a break between lines.
  std::vector<std::string> incoming_;       // added, not yet sorted in
  std::vector<std::string> long_;           // at least four bytes before the first break
  std::vector<std::string> short_;          // the others
  std::vector<std::uint32_t> heads_;        // the first four bytes of each long needle, in order
  std::vector<std::uint64_t> windows_;      // bitmap over hashed beginnings of long needles
  std::vector<std::uint64_t> short_heads_;  // bitmap over two-byte beginnings of short needles
  unsigned window_shift_ = 0;
  std::size_t stride_ = 1;
};

/// `text` as Go's strconv.Quote writes it, without the quotes around.
std::string go_quoted(std::string_view text);

}  // namespace ostler::redact
