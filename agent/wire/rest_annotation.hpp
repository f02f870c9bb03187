// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "model/annotation.hpp"
#include "wire/rest_pipeline.hpp"

namespace ostler::wire {

/// An annotation object. `body_html` is the Markdown as it was written, escaped, in a "pre"
/// element; it is left out without `has_body`. Source: rest-api, 12.
std::string encode_rest_annotation(const model::Annotation& annotation, bool has_body);

/// The body of a request that makes an annotation, or changes the one of its context.
struct RestAnnotationRequest {
  std::string context;
  model::AnnotationChange change;
};
/// Errors: Protocol when the text is not a JSON object.
Result<RestDecoded<RestAnnotationRequest>> decode_rest_annotation_request(std::string_view json);

}  // namespace ostler::wire
