// SPDX-License-Identifier: Apache-2.0
#include "model/tags.hpp"

#include <algorithm>
#include <string_view>

namespace ostler::model {
namespace {

std::string name_term(std::string_view tag) {
  return std::string(tag.substr(0, tag.find('='))) + "=";
}

void sort_unique(Terms& terms) {
  std::ranges::sort(terms);
  const auto rest = std::ranges::unique(terms);
  terms.erase(rest.begin(), rest.end());
}

}  // namespace

Terms terms_of_tags(const std::vector<std::string>& tags) {
  Terms terms;
  for (const std::string& tag : tags) {
    terms.push_back(name_term(tag));
    if (tag.find('=') != tag.npos) terms.push_back(tag);
  }
  sort_unique(terms);
  return terms;
}

Terms terms_of_rules(const std::vector<std::string>& rules) {
  Terms terms;
  for (const std::string& rule : rules) {
    const std::string name = name_term(rule);
    if (name == "queue=") continue;
    const std::string_view value =
        rule.size() < name.size() ? "" : std::string_view(rule).substr(name.size());
    terms.push_back(value.empty() || value == "*" ? name : rule);
  }
  sort_unique(terms);
  return terms;
}

bool fits(const Terms& demanded, const Terms& available) {
  return std::ranges::includes(available, demanded);
}

}  // namespace ostler::model
