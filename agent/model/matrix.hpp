// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/soft_fail.hpp"

namespace ostler::model {

/// A value for each dimension; the only dimension of a simple matrix has the name "".
using MatrixValues = std::vector<std::pair<std::string, std::string>>;

struct MatrixDimension {
  std::string name{};
  std::vector<std::string> values{};

  friend bool operator==(const MatrixDimension&, const MatrixDimension&) = default;
};

/// What is different for one combination, which may be one that the dimensions do not have.
struct MatrixAdjustment {
  MatrixValues with{};                  ///< in the order of the dimensions
  std::optional<std::string> skip{};    ///< the job is left out; the reason, which may be empty
  std::optional<SoftFail> soft_fail{};  ///< in place of the step's

  friend bool operator==(const MatrixAdjustment&, const MatrixAdjustment&) = default;
};

struct Matrix {
  std::vector<MatrixDimension> dimensions{};
  std::vector<MatrixAdjustment> adjustments{};

  friend bool operator==(const Matrix&, const Matrix&) = default;
};

/// Every combination once: those of the dimensions, the last one changing fastest, then those that
/// only adjustments have.
std::vector<MatrixValues> combinations_of(const Matrix& matrix);
/// How many the dimensions have; never more than `most`.
std::size_t count_combinations(const Matrix& matrix, std::size_t most);

/// A place of "{{matrix}}" or "{{matrix.<dimension>}}" in a text.
struct MatrixToken {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string_view dimension;  ///< empty: the only one
};
/// The first one at or behind `from`.
std::optional<MatrixToken> find_matrix_token(std::string_view text, std::size_t from);

/// `text` with the values in place of the tokens; a token of an unknown dimension stays.
std::string with_matrix_values(std::string_view text, const MatrixValues& values);

}  // namespace ostler::model
