// SPDX-License-Identifier: Apache-2.0
#include "model/matrix.hpp"

#include <algorithm>

namespace ostler::model {
namespace {

constexpr std::string_view kTokenWord = "matrix";

bool fits_dimension(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '.';
}

std::size_t skip_spaces(std::string_view text, std::size_t at) {
  while (at < text.size() && (text[at] == ' ' || text[at] == '\t')) ++at;
  return at;
}

/// The token whose braces open at `begin`.
std::optional<MatrixToken> token_at(std::string_view text, std::size_t begin) {
  std::size_t at = skip_spaces(text, begin + 2);
  if (text.substr(at, kTokenWord.size()) != kTokenWord) return std::nullopt;
  at += kTokenWord.size();
  MatrixToken token{.begin = begin, .end = 0, .dimension = {}};
  if (at < text.size() && text[at] == '.') {
    const std::size_t name = ++at;
    while (at < text.size() && fits_dimension(text[at])) ++at;
    if (at == name) return std::nullopt;
    token.dimension = text.substr(name, at - name);
  }
  at = skip_spaces(text, at);
  if (text.substr(at, 2) != "}}") return std::nullopt;
  token.end = at + 2;
  return token;
}

}  // namespace

std::vector<MatrixValues> combinations_of(const Matrix& matrix) {
  std::vector<MatrixValues> all{{}};
  for (const MatrixDimension& dimension : matrix.dimensions) {
    std::vector<MatrixValues> longer;
    for (const MatrixValues& begun : all) {
      for (const std::string& value : dimension.values) {
        longer.push_back(begun);
        longer.back().emplace_back(dimension.name, value);
      }
    }
    all = std::move(longer);
  }
  for (const MatrixAdjustment& adjustment : matrix.adjustments) {
    if (std::ranges::find(all, adjustment.with) == all.end()) all.push_back(adjustment.with);
  }
  return all;
}

std::size_t count_combinations(const Matrix& matrix, std::size_t most) {
  std::size_t count = 1;
  for (const MatrixDimension& dimension : matrix.dimensions) {
    count = std::min(most, count * std::min(most, dimension.values.size()));
  }
  return count;
}

std::optional<MatrixToken> find_matrix_token(std::string_view text, std::size_t from) {
  for (std::size_t at = text.find("{{", from); at != text.npos; at = text.find("{{", at + 1)) {
    if (const auto token = token_at(text, at)) return token;
  }
  return std::nullopt;
}

std::string with_matrix_values(std::string_view text, const MatrixValues& values) {
  std::string all;
  std::size_t done = 0;
  while (const auto token = find_matrix_token(text, done)) {
    const auto value =
        std::ranges::find(values, token->dimension, &MatrixValues::value_type::first);
    all += text.substr(done, token->begin - done);
    all += value != values.end() ? std::string_view(value->second)
                                 : text.substr(token->begin, token->end - token->begin);
    done = token->end;
  }
  return all.append(text.substr(done));
}

}  // namespace ostler::model
