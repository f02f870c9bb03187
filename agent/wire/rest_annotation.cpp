// SPDX-License-Identifier: Apache-2.0
#include "wire/rest_annotation.hpp"

#include <nlohmann/json.hpp>

#include "wire/agent_api_annotations.hpp"
#include "wire/rest_fields.hpp"
#include "wire/rest_json.hpp"

namespace ostler::wire {

std::string encode_rest_annotation(const model::Annotation& annotation,
                                   const std::optional<std::string>& body_html) {
  using model::AnnotationScope;
  const AnnotationScope scope = annotation.job ? AnnotationScope::Job : AnnotationScope::Build;
  JsonObjectText object;
  object.text("id", annotation.id.str())
      .text("context", annotation.context)
      .text_or_null("style", annotation.style ? name_of(*annotation.style) : "")
      .text("scope", name_of(scope))
      .text_or_null("job_id", annotation.job ? annotation.job->str() : "")
      .number("priority", annotation.priority);
  if (body_html) object.text("body_html", *body_html);
  return object.time("created_at", annotation.created_at)
      .time("updated_at", annotation.updated_at)
      .finish();
}

Result<RestDecoded<RestAnnotationRequest>> decode_rest_annotation_request(std::string_view body) {
  OSTLER_TRY(const nlohmann::json object, parse_rest_body(body));
  RestFields fields(object);
  RestDecoded<RestAnnotationRequest> decoded{{std::string(kDefaultContext), {}}, {}};
  model::AnnotationChange& change = decoded.value.change;
  fields.require("body");
  fields.read("body", change.body);
  fields.read("context", decoded.value.context);
  fields.read("append", change.append);
  std::string style;
  if (fields.read("style", style) && !style.empty()) {
    const auto known = annotation_style_of(style);
    if (known) change.style = known.value();
    if (!known) fields.fail("style", known.error().message());
  }
  std::optional<int> priority;
  if (fields.read("priority", priority) && priority) change.priority = *priority;
  decoded.errors = std::move(fields).errors();
  return decoded;
}

}  // namespace ostler::wire
