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

/// As it stands between the quotes of a JSON text.
std::string json_escaped(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string escaped;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20) {
      escaped.append("\\u00").append(1, kDigits[byte >> 4u]).append(1, kDigits[byte & 15u]);
    } else {
      if (c == '"' || c == '\\') escaped += '\\';
      escaped += c;
    }
  }
  return escaped;
}

}  // namespace

std::string varied(std::string text, const Variation& variation) {
  if (variation.matrix.empty() || text.find("{{") == text.npos) return text;
  return with_matrix_values(text, variation.matrix);
}

std::string varied_json(std::string json, const Variation& variation) {
  Variation escaped;
  for (const auto& [name, value] : variation.matrix) {
    escaped.matrix.emplace_back(name, json_escaped(value));
  }
  return varied(std::move(json), escaped);
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
