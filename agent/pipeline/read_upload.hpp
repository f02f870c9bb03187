// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "pipeline/fault_list.hpp"
#include "pipeline/interpolate.hpp"

namespace ostler::pipeline {

/// One pipeline as it is uploaded.
struct UploadDocument {
  std::string json;                   ///< an object on one line, its keys in the order of the text
  std::vector<std::string> warnings;  ///< what is odd, but left to the server
};

struct UploadReading {
  std::optional<VariableTable> variables;  ///< none: nothing is interpolated
};

/// Reads a pipeline text (YAML or JSON), which may hold several documents, for uploading. Only its
/// shape is looked at: whether a server can run it is the server's to say.
/// Errors: UserFault with every fault of the first document that has one, each on a line and
/// beginning with `file`.
Result<std::vector<UploadDocument>> read_upload(std::string_view text, std::string_view file,
                                                const UploadReading& how);

/// The same, for a caller that shows the faults itself: they are in `faults`, and there are
/// documents when there are none.
std::vector<UploadDocument> read_upload(std::string_view text, const UploadReading& how,
                                        FaultList& faults);

/// The JSON of `document` for people: two spaces per level.
std::string indented_json(const UploadDocument& document);
/// The same as YAML.
std::string yaml(const UploadDocument& document);

}  // namespace ostler::pipeline
