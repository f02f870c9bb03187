// SPDX-License-Identifier: Apache-2.0
#include "store/path_glob.hpp"

#include <algorithm>

namespace ostler::store {
namespace {

constexpr std::size_t kLongestPattern = 4096;
constexpr std::size_t kMostAlternatives = 256;

Error fault(std::string_view pattern, std::string_view why) {
  return Error(Errc::UserFault, "pattern \"" + std::string(pattern) + "\": " + std::string(why));
}

/// The places of "{", of the commas that belong to it, and of its "}".
struct Braces {
  std::size_t open = std::string_view::npos;
  std::vector<std::size_t> ends;  ///< of the alternatives; the last one is the closing brace
};

Braces first_braces(std::string_view pattern) {
  Braces braces;
  int depth = 0;
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    if (pattern[at] == '\\') {
      ++at;
      continue;
    }
    if (pattern[at] == '{' && depth++ == 0) braces.open = at;
    if (pattern[at] == ',' && depth == 1) braces.ends.push_back(at);
    if (pattern[at] == '}' && depth > 0 && --depth == 0) {
      braces.ends.push_back(at);
      return braces;
    }
  }
  if (depth > 0) braces.ends.clear();
  return braces;
}

/// Spells out the alternatives of a pattern.
Result<std::vector<std::string>> expand(std::string_view pattern) {
  std::vector<std::string> open{std::string(pattern)};
  std::vector<std::string> expanded;
  while (!open.empty()) {
    const std::string text = std::move(open.back());
    open.pop_back();
    const Braces braces = first_braces(text);
    if (braces.open == std::string::npos) {
      expanded.push_back(text);
      continue;
    }
    if (braces.ends.empty()) return fault(pattern, "a \"{\" is not closed");
    std::size_t begin = braces.open + 1;
    for (const std::size_t end : braces.ends) {
      open.push_back(text.substr(0, braces.open) + text.substr(begin, end - begin) +
                     text.substr(braces.ends.back() + 1));
      begin = end + 1;
    }
    if (open.size() + expanded.size() > kMostAlternatives) {
      return fault(pattern, "it has too many alternatives");
    }
  }
  return expanded;
}

/// "a-d" becomes "abcd".
std::string spell_out(std::string_view members) {
  std::string letters;
  for (std::size_t at = 0; at < members.size(); ++at) {
    const bool is_range = at + 2 < members.size() && members[at + 1] == '-';
    if (!is_range) {
      letters += members[at];
      continue;
    }
    const auto first = static_cast<unsigned char>(members[at]);
    const auto last = static_cast<unsigned char>(members[at + 2]);
    for (int letter = first; letter <= last; ++letter) letters += static_cast<char>(letter);
    at += 2;
  }
  return letters;
}

}  // namespace

Result<PathGlob> PathGlob::parse(std::string_view pattern) {
  if (pattern.size() > kLongestPattern) return fault(pattern.substr(0, 40), "it is too long");
  OSTLER_TRY(const auto texts, expand(pattern));
  PathGlob glob;
  for (const auto& text : texts) {
    OSTLER_TRY(auto tokens, tokenize(text));
    glob.alternatives_.push_back(std::move(tokens));
  }
  return glob;
}

Result<PathGlob::Tokens> PathGlob::tokenize(std::string_view pattern) {
  Tokens tokens;
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    const char letter = pattern[at];
    const auto rest = pattern.substr(at);
    const bool begins_component = at == 0 || pattern[at - 1] == '/';
    if (letter == '?') {
      tokens.push_back({.kind = Kind::AnyLetter});
    } else if (rest.starts_with("**/") && begins_component) {
      tokens.push_back({.kind = Kind::AnyFolders});
      at += 2;
    } else if (rest.starts_with("**")) {
      tokens.push_back({.kind = Kind::AnyDepth});
      at += 1;
    } else if (letter == '*') {
      tokens.push_back({.kind = Kind::AnyRun});
    } else if (letter == '[') {
      const bool is_negated = rest.starts_with("[^");
      const std::size_t begin = is_negated ? 2 : 1;
      const auto end = rest.find(']', begin + 1);
      if (end == std::string_view::npos) return fault(pattern, "a \"[\" is not closed");
      tokens.push_back({.kind = Kind::Class,
                        .members = spell_out(rest.substr(begin, end - begin)),
                        .is_negated = is_negated});
      at += end;
    } else {
      if (letter == '\\' && rest.size() > 1) ++at;
      tokens.push_back({.kind = Kind::Letter, .letter = pattern[at]});
    }
  }
  return tokens;
}

bool PathGlob::matches(std::string_view path) const {
  return std::ranges::any_of(alternatives_,
                             [&](const Tokens& tokens) { return matches(tokens, path); });
}

bool PathGlob::accepts(const Token& token, char letter) {
  switch (token.kind) {
    case Kind::Letter: return letter == token.letter;
    case Kind::AnyLetter:
    case Kind::AnyRun: return letter != '/';
    case Kind::AnyDepth:
    case Kind::AnyFolders: return true;
    case Kind::Class:
      return letter != '/' && (token.members.find(letter) != std::string::npos) != token.is_negated;
  }
  return false;
}

/// Follows every way through the tokens at once. A set entry i means: the tokens before i have
/// matched the letters so far.
bool PathGlob::matches(const Tokens& tokens, std::string_view path) {
  const auto is_run = [&](std::size_t i) {
    return tokens[i].kind == Kind::AnyRun || tokens[i].kind == Kind::AnyDepth;
  };
  std::vector<bool> inside(tokens.size() + 1);   // standing before token i
  std::vector<bool> folders(tokens.size() + 1);  // within the folders of token i
  inside[0] = true;
  const auto skip_empty = [&](std::vector<bool>& set) {
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      const bool may_be_empty = is_run(i) || tokens[i].kind == Kind::AnyFolders;
      if (set[i] && may_be_empty) set[i + 1] = true;
    }
  };
  skip_empty(inside);
  for (const char letter : path) {
    std::vector<bool> next(tokens.size() + 1);
    std::vector<bool> next_folders(tokens.size() + 1);
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      if (tokens[i].kind == Kind::AnyFolders) {
        if (!inside[i] && !folders[i]) continue;
        next_folders[i] = true;
        if (letter == '/') next[i + 1] = true;
      } else if (inside[i] && accepts(tokens[i], letter)) {
        next[is_run(i) ? i : i + 1] = true;
      }
    }
    skip_empty(next);
    inside = std::move(next);
    folders = std::move(next_folders);
  }
  return inside[tokens.size()];
}

}  // namespace ostler::store
