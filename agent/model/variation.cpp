// SPDX-License-Identifier: Apache-2.0
#include "model/variation.hpp"

namespace ostler::model {
namespace {

/// What stands for "%<letter>"; none for a letter without a meaning.
std::optional<int> number_of(char letter, const Variation& variation) {
  switch (letter) {
    case 'n': return variation.parallel_index;
    case 'N': return *variation.parallel_index + 1;
    case 't':
    case 'T': return variation.parallel_total;
    default: return std::nullopt;
  }
}

}  // namespace

std::string varied(std::string text, const Variation& variation) {
  if (variation.matrix.empty() || text.find("{{") == text.npos) return text;
  return with_matrix_values(text, variation.matrix);
}

std::string varied_label(std::string label, const Variation& variation) {
  label = varied(std::move(label), variation);
  if (!variation.parallel_index || label.find('%') == label.npos) return label;
  std::string all;
  for (std::size_t at = 0; at < label.size(); ++at) {
    const char next = at + 1 < label.size() ? label[at + 1] : '\0';
    const auto number = label[at] == '%' ? number_of(next, variation) : std::nullopt;
    if (number) {
      all += std::to_string(*number);
      ++at;
    } else {
      all += label[at];
    }
  }
  return all;
}

}  // namespace ostler::model
