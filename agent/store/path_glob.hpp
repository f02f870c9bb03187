// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace ostler::store {

/// A pattern over the paths of artifacts: `?` one character but "/", `*` any run without "/", `**`
/// any run, `**` and "/" also no folder at all, `[abc]` and `[^a-c]` classes, `{a,b}` alternatives,
/// `\` takes the next character as it is. Matching costs pattern length times path length.
/// Source: reference/agent-api.md 6.2.
class PathGlob {
 public:
  /// Errors: UserFault when a bracket or brace is not closed, or the pattern is too large.
  static Result<PathGlob> parse(std::string_view pattern);

  bool matches(std::string_view path) const;

 private:
  enum class Kind : std::uint8_t { Letter, AnyLetter, AnyRun, AnyDepth, AnyFolders, Class };
  struct Token {
    Kind kind = Kind::Letter;
    char letter = 0;
    std::string members{};  ///< of a class, ranges spelled out
    bool is_negated = false;
  };
  using Tokens = std::vector<Token>;

  static Result<Tokens> tokenize(std::string_view pattern);
  static bool accepts(const Token& token, char letter);
  static bool matches(const Tokens& tokens, std::string_view path);

  std::vector<Tokens> alternatives_;
};

}  // namespace ostler::store
