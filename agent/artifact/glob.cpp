// SPDX-License-Identifier: Apache-2.0
#include "artifact/glob.hpp"

#include <algorithm>

#include "artifact/glob_parser.hpp"

namespace ostler::artifact {

// Turns a sequence into nodes from its end to its beginning, so that each knows what follows.
class GlobCompiler {
 public:
  explicit GlobCompiler(Glob& glob) : glob_(glob) {}

  std::uint32_t compile(const GlobSequence& items, std::uint32_t next) {
    for (auto item = items.rbegin(); item != items.rend(); ++item) next = compile(*item, next);
    return next;
  }

  std::uint32_t add(Glob::Node node) {
    glob_.nodes_.push_back(std::move(node));
    return static_cast<std::uint32_t>(glob_.nodes_.size() - 1);
  }

 private:
  std::uint32_t compile(const GlobItem& item, std::uint32_t next) {
    using Kind = Glob::Kind;
    switch (item.kind) {
      case GlobItem::Kind::Literal:
        return add({.kind = Kind::Literal, .next = next, .literal = item.literal});
      case GlobItem::Kind::Question: return add({.kind = Kind::Question, .next = next});
      case GlobItem::Kind::Star: return add({.kind = Kind::Star, .next = next});
      case GlobItem::Kind::DoubleStar: return add({.kind = Kind::DoubleStar, .next = next});
      case GlobItem::Kind::Class:
        return add(
            {.kind = Kind::Class, .negated = item.negated, .next = next, .ranges = item.ranges});
      case GlobItem::Kind::Alternation: break;
    }
    Glob::Node fork{.kind = Kind::Fork};
    for (const GlobSequence& branch : item.branches) {
      fork.branches.push_back(compile(branch, next));
    }
    return add(std::move(fork));
  }

  Glob& glob_;
};

namespace {

// The bytes of the pattern's leading literals, and how many items they are.
std::string leading_literals(const GlobSequence& items, std::string_view pattern) {
  std::string text;
  for (const GlobItem& item : items) {
    if (item.kind != GlobItem::Kind::Literal) break;
    if (pattern.starts_with('\\')) pattern.remove_prefix(1);
    const std::size_t size = next_character(pattern).second;
    text.append(pattern.substr(0, size));
    pattern.remove_prefix(size);
  }
  return text;
}

bool all_literal(const GlobSequence& items) {
  return std::all_of(items.begin(), items.end(),
                     [](const GlobItem& item) { return item.kind == GlobItem::Kind::Literal; });
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (std::string_view("\\*?[]{},~").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

std::string with_home(std::string_view pattern, std::string_view home) {
  if (home.empty() || !pattern.starts_with("~/")) return std::string(pattern);
  if (home.ends_with('/')) home.remove_suffix(1);
  return escaped(home).append(pattern.substr(1));
}

}  // namespace

Result<Glob> Glob::parse(std::string_view given, std::string_view home) {
  const std::string pattern = with_home(given, home);
  OSTLER_TRY(const auto items, parse_glob(pattern));
  Glob glob;
  GlobCompiler compiler(glob);
  glob.start_ = compiler.compile(items, compiler.add({.kind = Kind::Accept}));
  const std::string literals = leading_literals(items, pattern);
  glob.root_ = literals.substr(0, literals.rfind('/') + 1);
  glob.literal_ = all_literal(items);
  if (glob.literal_) glob.literal_path_ = literals;
  return glob;
}

bool Glob::consumes(const Node& node, char32_t c) {
  switch (node.kind) {
    case Kind::Literal: return c == node.literal;
    case Kind::Question:
    case Kind::Star: return c != U'/';
    case Kind::DoubleStar: return true;
    case Kind::Class: {
      const bool listed =
          std::any_of(node.ranges.begin(), node.ranges.end(),
                      [c](const auto& range) { return range.first <= c && c <= range.second; });
      return node.negated ? !listed && c != U'/' : listed;
    }
    case Kind::Accept:
    case Kind::Fork: break;
  }
  return false;
}

// Adds a state and all that it stands for without a character being consumed.
void Glob::add_closed(std::uint32_t state, States& states, std::vector<bool>& seen) const {
  States pending{state};
  while (!pending.empty()) {
    const std::uint32_t at = pending.back();
    pending.pop_back();
    if (seen[at]) continue;
    seen[at] = true;
    const Node& node = nodes_[at];
    if (node.kind == Kind::Fork) {
      pending.insert(pending.end(), node.branches.begin(), node.branches.end());
      continue;
    }
    states.push_back(at);
    if (node.kind == Kind::Star || node.kind == Kind::DoubleStar) pending.push_back(node.next);
  }
}

Glob::States Glob::advance(const States& from, std::string_view text) const {
  States now = from;
  States next;
  std::vector<bool> seen(nodes_.size());
  while (!text.empty() && !now.empty()) {
    const auto [character, size] = next_character(text);
    text.remove_prefix(size);
    next.clear();
    seen.assign(nodes_.size(), false);
    for (const std::uint32_t state : now) {
      const Node& node = nodes_[state];
      if (!consumes(node, character)) continue;
      const bool stays = node.kind == Kind::Star || node.kind == Kind::DoubleStar;
      add_closed(stays ? state : node.next, next, seen);
    }
    now.swap(next);
  }
  return now;
}

Glob::States Glob::begin() const {
  States states;
  std::vector<bool> seen(nodes_.size());
  add_closed(start_, states, seen);
  return advance(states, root_);
}

bool Glob::accepts(const States& states) const {
  return std::any_of(states.begin(), states.end(),
                     [this](std::uint32_t state) { return nodes_[state].kind == Kind::Accept; });
}

bool Glob::matches(std::string_view path) const {
  if (!path.starts_with(root_)) return false;
  return accepts(advance(begin(), path.substr(root_.size())));
}

}  // namespace ostler::artifact
