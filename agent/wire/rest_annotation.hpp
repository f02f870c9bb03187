// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "model/annotation.hpp"
#include "wire/rest_pipeline.hpp"

namespace ostler::wire {

/// An annotation object, with its body as HTML if that is wanted. Source: rest-api, 12.
std::string encode_rest_annotation(const model::Annotation& annotation,
                                   const std::optional<std::string>& body_html);

/// The body of a request that makes an annotation, or changes the one of its context.
struct RestAnnotationRequest {
  std::string context;
  model::AnnotationChange change;
};
/// Errors: Protocol when the text is not a JSON object.
Result<RestDecoded<RestAnnotationRequest>> decode_rest_annotation_request(std::string_view json);

}  // namespace ostler::wire
