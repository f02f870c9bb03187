// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "pipeline/fault_list.hpp"
#include "pipeline/interpolate.hpp"

namespace ostler::pipeline {

/// One document of a text that was uploaded, as its author wrote it.
struct UploadedText {
  std::string_view file;  ///< names the text in faults
  std::string_view text;
  std::size_t document = 0;                ///< which of those that were uploaded, from 0 on
  std::optional<VariableTable> variables;  ///< with which it was interpolated; none: it was not
};

/// The faults for which a hub refused an upload, which it names by the step, at their places in the
/// text: a fault that reading the text shows too where that is, another where its step begins.
/// None when the refusal is not in the words of a hub of Ostler.
std::optional<FaultList> placed_refusal(std::string_view refusal, const UploadedText& upload);

}  // namespace ostler::pipeline
