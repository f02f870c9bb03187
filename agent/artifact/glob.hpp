// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

// Artifacts of a job: from globs to files, from files to the server and back.
namespace ostler::artifact {

/// A pattern over paths with "/": `?` one character but "/"; `*` any run without "/"; `**` any run;
/// a component `**/` also none at all; `{a,b}` either, nested or empty; `[abc]`, `[^abc]`, `[a-z]`
/// one character, never "/" unless named; `\` takes the next character as it is; a leading `~/` the
/// home directory. Characters are UTF-8; a leading dot is a character like any other.
/// Matching takes time in proportion to pattern times path, whatever the pattern.
class Glob {
 public:
  /// Where matching stands after some text. Empty: nothing that follows can match.
  using States = std::vector<std::uint32_t>;

  /// Errors: UserFault for an unclosed `[` or `{`, a `]` by itself, a `\` at the end, nesting
  /// deeper than 32, or more than 16 KiB.
  static Result<Glob> parse(std::string_view pattern, std::string_view home = {});

  bool matches(std::string_view path) const;

  /// The directories that the pattern names literally: empty, or with a "/" at its end.
  const std::string& root() const { return root_; }
  /// Whether the pattern is one path, without any choice.
  bool is_literal() const { return literal_; }
  /// The path of a literal pattern.
  const std::string& literal() const { return literal_path_; }

  /// Matching piece by piece: begin() stands after root().
  States begin() const;
  States advance(const States& from, std::string_view text) const;
  bool accepts(const States& states) const;

 private:
  friend class GlobCompiler;

  enum class Kind : std::uint8_t { Accept, Literal, Question, Class, Star, DoubleStar, Fork };
  struct Node {
    Kind kind = Kind::Accept;
    bool negated = false;                                    // Class
    std::uint32_t next = 0;                                  // all but Accept and Fork
    char32_t literal = 0;                                    // Literal
    std::vector<std::pair<char32_t, char32_t>> ranges = {};  // Class
    std::vector<std::uint32_t> branches = {};                // Fork
  };

  static bool consumes(const Node& node, char32_t c);
  void add_closed(std::uint32_t state, States& states, std::vector<bool>& seen) const;

  std::vector<Node> nodes_;
  std::uint32_t start_ = 0;  // of the whole pattern
  std::string root_;
  std::string literal_path_;
  bool literal_ = false;
};

}  // namespace ostler::artifact
