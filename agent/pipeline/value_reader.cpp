// SPDX-License-Identifier: Apache-2.0
#include "pipeline/value_reader.hpp"

#include <charconv>
#include <limits>
#include <utility>

#include "model/variables.hpp"
#include "pipeline/scalar_text.hpp"

namespace ostler::pipeline {
namespace {

/// All the text of one pipeline, so that aliases and variables cannot multiply without end.
constexpr std::size_t kMostValueBytes = 64u << 20;

}  // namespace

bool ValueReader::is_text(const YamlNode& node) const {
  return node.kind == YamlNode::Kind::Null || node.kind == YamlNode::Kind::Scalar;
}

bool ValueReader::is_exhausted() const { return produced_bytes_ > kMostValueBytes; }

bool ValueReader::take_from_budget(std::size_t bytes, model::SourcePosition at) {
  constexpr std::size_t kOverhead = 64;
  produced_bytes_ += bytes + kOverhead;
  if (!is_exhausted()) return true;
  faults_.add(at, "the pipeline grows beyond 64 MiB here; use fewer aliases and variables");
  return false;
}

std::string ValueReader::interpolated(std::string_view text, model::SourcePosition at) {
  if (is_exhausted()) return {};
  Result<std::string> result = std::string(text);
  if (variables_) result = interpolate(text, *variables_);
  if (!result) {
    faults_.add(at, result.error().message());
    return {};
  }
  return take_from_budget(result.value().size(), at) ? std::move(result).value() : std::string();
}

std::string ValueReader::verbatim(std::string_view text, model::SourcePosition at) {
  const bool fits = !is_exhausted() && take_from_budget(text.size(), at);
  return fits ? std::string(text) : std::string();
}

std::string ValueReader::text(const YamlNode& node, std::string_view what) {
  if (!is_text(node)) {
    faults_.add(node.at, std::string(what) + " must be text; write it as one value");
    return {};
  }
  return interpolated(node.plain ? value_text(node.text) : node.text, node.at);
}

std::vector<std::string> ValueReader::texts(const YamlNode& node, std::string_view what) {
  if (node.kind == YamlNode::Kind::Null) return {};
  if (node.kind == YamlNode::Kind::Scalar) return {text(node, what)};
  std::vector<std::string> all;
  if (node.kind == YamlNode::Kind::Mapping) {
    faults_.add(node.at, std::string(what) + " must be text or a list of texts, not a mapping");
  }
  for (const YamlNode* item : node.items) {
    if (is_exhausted()) break;
    all.push_back(text(*item, what));
  }
  return all;
}

model::Variables ValueReader::variables(const YamlNode& node, std::string_view what) {
  return read_variables(node, what, false);
}

model::Variables ValueReader::define_variables(const YamlNode& node, std::string_view what) {
  return read_variables(node, what, true);
}

model::Variables ValueReader::read_variables(const YamlNode& node, std::string_view what,
                                             bool define) {
  model::VariableLayers all;
  if (node.kind == YamlNode::Kind::Null || is_exhausted()) return {};
  if (node.kind != YamlNode::Kind::Mapping) {
    faults_.add(node.at, std::string(what) + " must be a mapping; write NAME: value under it");
    return {};
  }
  for (const YamlEntry& entry : node.entries) {
    std::string name = interpolated(entry.key, entry.at);
    if (is_exhausted()) break;
    if (name.empty() || name.find_first_of(std::string_view("=\0", 2)) != name.npos) {
      faults_.add(entry.at, "\"" + name + "\" cannot name a variable; use letters, digits and _");
      continue;
    }
    std::string value = text(*entry.value, std::string(what) + " " + name);
    if (define && variables_) define_variable(name, value);
    all.put(std::move(name), std::move(value));
  }
  return std::move(all).take();
}

void ValueReader::define_variable(const std::string& name, const std::string& value) {
  const auto [place, is_new] = variables_->try_emplace(name);
  std::optional<std::string> before;
  if (!is_new) before = std::move(place->second);
  place->second = value;
  defined_.try_emplace(name, std::move(before));
}

void ValueReader::forget_definitions() {
  for (auto& [name, before] : std::exchange(defined_, {})) {
    if (before) {
      variables_->find(name)->second = std::move(*before);
    } else {
      variables_->erase(name);
    }
  }
}

std::vector<std::string> ValueReader::query_rules(const YamlNode& node, std::string_view what) {
  std::vector<std::string> rules;
  if (node.kind == YamlNode::Kind::Mapping) {
    for (const YamlEntry& entry : node.entries) {
      rules.push_back(interpolated(entry.key, entry.at) + "=" + text(*entry.value, what));
    }
    return rules;
  }
  if (node.kind == YamlNode::Kind::Scalar) {
    faults_.add(node.at, std::string(what) + " must be a mapping or a list; write tag: value");
    return rules;
  }
  for (const YamlNode* item : node.items) {
    std::string rule = text(*item, what);
    if (rule.find('=') == rule.npos) {
      faults_.add(item->at, "\"" + rule + "\" is no agent rule; write \"tag=value\"");
    }
    rules.push_back(std::move(rule));
  }
  return rules;
}

bool ValueReader::boolish(const YamlNode& node, std::string_view what) {
  const std::string word = is_text(node) ? text(node, what) : "";
  if (word != "true" && word != "false") {
    faults_.add(node.at, std::string(what) + " must be true or false");
  }
  return word == "true";
}

std::optional<int> ValueReader::number(const YamlNode& node, std::string_view what, int least,
                                       int most) {
  const auto number = whole_number(node, what);
  if (number && *number >= least && *number <= most) return number;
  faults_.add(node.at, std::string(what) + " must be a whole number from " + std::to_string(least) +
                           " to " + std::to_string(most));
  return std::nullopt;
}

int ValueReader::priority(const YamlNode& node, std::string_view what) {
  constexpr int kLargest = 1'000'000'000;
  return number(node, what, -kLargest, kLargest).value_or(0);
}

std::optional<int> ValueReader::positive_number(const YamlNode& node, std::string_view what) {
  return number(node, what, 1, std::numeric_limits<int>::max());
}

std::optional<int> ValueReader::whole_number(const YamlNode& node, std::string_view what) {
  const std::string digits = is_text(node) ? text(node, what) : "";
  int number = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stop, problem] = std::from_chars(digits.data(), end, number);
  if (problem == std::errc() && stop == end) return number;
  return std::nullopt;
}

}  // namespace ostler::pipeline
