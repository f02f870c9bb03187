// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "model/annotation.hpp"

// Annotations of the Agent API, with their JSON in both directions. Decoders fail as those of
// wire/agent_api.hpp. Source: reference/agent-api.md 2.13.
namespace ostler::wire {

/// The context of an annotation that was given none.
inline constexpr std::string_view kDefaultContext = "default";

/// Body of `POST jobs/:id/annotations`.
struct AnnotationRequest {
  std::string context{kDefaultContext};
  model::AnnotationScope scope = model::AnnotationScope::Build;
  model::AnnotationChange change;
};
std::string encode(const AnnotationRequest& request);
/// Errors: UserFault for a style or scope that is none.
Result<AnnotationRequest> decode_annotation_request(std::string_view json);

/// "success", "info", "warning" or "error".
std::string_view name_of(model::AnnotationStyle style);
/// Errors: UserFault naming the four.
Result<model::AnnotationStyle> annotation_style_of(std::string_view name);

/// "build" or "job".
std::string_view name_of(model::AnnotationScope scope);
/// Errors: UserFault naming the two.
Result<model::AnnotationScope> annotation_scope_of(std::string_view name);

}  // namespace ostler::wire
