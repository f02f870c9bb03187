// SPDX-License-Identifier: Apache-2.0
#include "pipeline/condition_parser.hpp"

#include <charconv>
#include <string>
#include <utility>
#include <vector>

#include "pipeline/condition_lexer.hpp"
#include "pipeline/condition_regex.hpp"

namespace ostler::pipeline {
namespace {

constexpr std::size_t kLongestCondition = 10'000;
constexpr int kDeepestCondition = 64;
constexpr int kMostRegexes = 16;

using TokenKind = ConditionTokenKind;

struct InfixOperator {
  std::string_view text;
  ConditionKind kind;
};
constexpr InfixOperator kComparisons[] = {{"==", ConditionKind::Equal},
                                          {"!=", ConditionKind::Unequal},
                                          {"=~", ConditionKind::Match},
                                          {"!~", ConditionKind::Mismatch},
                                          {"includes", ConditionKind::Includes}};

/// By recursive descent; the depth is bounded.
class ConditionParser {
 public:
  ConditionParser(std::vector<ConditionToken> tokens, ConditionBudget& budget)
      : tokens_(std::move(tokens)), budget_(budget) {}

  std::optional<ConditionFault> run(ConditionNode& root) {
    root = choice();
    if (!fault_ && here().kind != TokenKind::End) {
      fail(here().at, "something is left over here; join it with && or ||");
    }
    return std::move(fault_);
  }

 private:
  const ConditionToken& here() const { return tokens_[at_]; }
  bool is_here(std::string_view text) const {
    const bool is_word = here().kind == TokenKind::Name || here().kind == TokenKind::Operator;
    return is_word && here().text == text;
  }
  ConditionToken take() { return tokens_[at_ + 1 < tokens_.size() ? at_++ : at_]; }
  bool take_if(std::string_view text) {
    const bool found = is_here(text);
    if (found) take();
    return found;
  }
  void expect(std::string_view text) {
    if (!take_if(text)) fail(here().at, "\"" + std::string(text) + "\" is missing here");
  }
  ConditionNode fail(std::size_t at, std::string text) {
    if (!fault_) fault_ = ConditionFault{at, std::move(text)};
    at_ = tokens_.size() - 1;
    return {};
  }

  ConditionNode choice() {
    if (++depth_ > kDeepestCondition) return fail(here().at, "nested too deeply; simplify it");
    ConditionNode node = chain("||", ConditionKind::Or);
    const std::size_t at = here().at;
    if (take_if("?")) {
      ConditionNode made{.kind = ConditionKind::Choice, .at = at};
      made.children.push_back(std::move(node));
      made.children.push_back(choice());
      expect(":");
      made.children.push_back(choice());
      node = std::move(made);
    }
    --depth_;
    return node;
  }

  /// Operands of one operator as one node.
  ConditionNode chain(std::string_view word, ConditionKind kind) {
    ConditionNode first =
        kind == ConditionKind::Or ? chain("&&", ConditionKind::And) : comparison();
    if (!is_here(word)) return first;
    ConditionNode node{.kind = kind, .at = here().at};
    node.children.push_back(std::move(first));
    while (take_if(word)) {
      node.children.push_back(kind == ConditionKind::Or ? chain("&&", ConditionKind::And)
                                                        : comparison());
    }
    return node;
  }

  const InfixOperator* comparison_here() const {
    for (const InfixOperator& known : kComparisons) {
      if (is_here(known.text)) return &known;
    }
    return nullptr;
  }

  ConditionNode comparison() {
    ConditionNode left = negation();
    int length = 0;
    while (const InfixOperator* known = comparison_here()) {
      const std::size_t at = take().at;
      if (++length > kDeepestCondition) return fail(at, "too many comparisons; use brackets");
      ConditionNode node{.kind = known->kind, .at = at};
      node.children.push_back(std::move(left));
      node.children.push_back(negation());
      left = std::move(node);
    }
    return left;
  }

  ConditionNode negation() {
    std::vector<std::size_t> places;
    while (is_here("!")) places.push_back(take().at);
    if (places.size() > static_cast<std::size_t>(kDeepestCondition)) {
      return fail(places[0], "nested too deeply; simplify it");
    }
    ConditionNode node = primary();
    for (; !places.empty(); places.pop_back()) {
      ConditionNode made{.kind = ConditionKind::Not, .at = places.back()};
      made.children.push_back(std::move(node));
      node = std::move(made);
    }
    return node;
  }

  ConditionNode primary() {
    ConditionToken token = take();
    switch (token.kind) {
      case TokenKind::Name: return name(std::move(token));
      case TokenKind::Integer: return integer(token);
      case TokenKind::Regex: return regex(token);
      case TokenKind::Text:
        return {.kind = ConditionKind::Text, .at = token.at, .parts = std::move(token.parts)};
      case TokenKind::Shell:
        return {.kind = ConditionKind::Shell, .at = token.at, .text = std::move(token.text)};
      case TokenKind::End: return fail(token.at, "it ends too early; a value is missing");
      case TokenKind::Operator: break;
    }
    if (token.text == "[") return list(token.at);
    if (token.text != "(") return fail(token.at, "a value is missing before " + token.text);
    ConditionNode node = choice();
    expect(")");
    return node;
  }

  ConditionNode name(ConditionToken token) {
    if (token.text == "null") return {.kind = ConditionKind::Null, .at = token.at};
    if (token.text == "true" || token.text == "false") {
      return {.kind = ConditionKind::Boolean, .at = token.at, .number = token.text == "true"};
    }
    ConditionNode node{.kind = ConditionKind::Name, .at = token.at, .text = std::move(token.text)};
    if (!take_if("(")) return node;
    node.kind = ConditionKind::Call;
    node.children = items(")");
    return node;
  }

  ConditionNode list(std::size_t at) {
    ConditionNode node{.kind = ConditionKind::List, .at = at};
    node.children = items("]");
    return node;
  }

  std::vector<ConditionNode> items(std::string_view end) {
    std::vector<ConditionNode> all;
    if (take_if(end)) return all;
    do {
      all.push_back(choice());
    } while (take_if(","));
    expect(end);
    return all;
  }

  ConditionNode integer(const ConditionToken& token) {
    ConditionNode node{.kind = ConditionKind::Integer, .at = token.at};
    const char* const end = token.text.data() + token.text.size();
    const auto [stop, problem] = std::from_chars(token.text.data(), end, node.number);
    if (problem != std::errc()) return fail(token.at, "the number is too large");
    return node;
  }

  ConditionNode regex(const ConditionToken& token) {
    if (++regexes_ > kMostRegexes) {
      return fail(token.at, "more than 16 regexes; join some of them with |");
    }
    if (--budget_.regexes < 0) {
      return fail(
          token.at,
          "the conditions of this pipeline have more than 1000 regexes; use == or includes");
    }
    auto made = compile_condition_regex(token.text, token.ignores_case);
    if (!made) return fail(token.at, made.error().message());
    return {.kind = ConditionKind::Regex, .at = token.at, .regex = std::move(made).value()};
  }

  std::vector<ConditionToken> tokens_;
  ConditionBudget& budget_;
  int regexes_ = 0;
  std::size_t at_ = 0;
  int depth_ = 0;
  std::optional<ConditionFault> fault_;
};

}  // namespace

std::optional<std::string> literal_text(const ConditionNode& node) {
  if (node.kind != ConditionKind::Text || node.parts.size() != 1) return std::nullopt;
  return node.parts[0].text;
}

std::optional<ConditionFault> read_condition(std::string_view text, ConditionBudget& budget,
                                             ConditionNode& root) {
  if (text.size() > kLongestCondition) {
    return ConditionFault{0, "it is longer than 10000 bytes; simplify it"};
  }
  if (text.size() > budget.bytes) {
    return ConditionFault{0, "the conditions of this pipeline have more than 1 MiB; simplify them"};
  }
  budget.bytes -= text.size();
  std::vector<ConditionToken> tokens;
  if (auto fault = read_condition_tokens(text, tokens)) return fault;
  return ConditionParser(std::move(tokens), budget).run(root);
}

}  // namespace ostler::pipeline
