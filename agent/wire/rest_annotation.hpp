// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "model/annotation.hpp"

namespace ostler::wire {

/// An annotation object. `body_html` is the Markdown as it was written, escaped, in a "pre"
/// element; it is left out without `has_body`. Source: rest-api, 12.
std::string encode_rest_annotation(const model::Annotation& annotation, bool has_body);

}  // namespace ostler::wire
