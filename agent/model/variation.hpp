// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/matrix.hpp"

namespace ostler::model {

/// How a job differs from the others of its step.
struct Variation {
  std::optional<int> parallel_index{};  ///< from 0, of a parallel job
  std::optional<int> parallel_total{};
  MatrixValues matrix{};  ///< empty: the step has no matrix
};

/// A text of a step as it is for one of its jobs.
std::string varied(std::string text, const Variation& variation);
/// The same of a JSON text, in whose texts the tokens stand.
std::string varied_json(std::string json, const Variation& variation);
/// The same of a label: "%n" is the job's number from 0, "%N" from 1, "%t" and "%T" how many jobs
/// there are.
std::string varied_label(std::string label, const Variation& variation);

}  // namespace ostler::model
