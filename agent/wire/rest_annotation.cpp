// SPDX-License-Identifier: Apache-2.0
#include "wire/rest_annotation.hpp"

#include "wire/agent_api_annotations.hpp"
#include "wire/rest_json.hpp"

namespace ostler::wire {
namespace {

std::string escaped(const std::string& text) {
  std::string html;
  html.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&': html += "&amp;"; break;
      case '<': html += "&lt;"; break;
      case '>': html += "&gt;"; break;
      case '"': html += "&quot;"; break;
      default: html += c;
    }
  }
  return html;
}

}  // namespace

std::string encode_rest_annotation(const model::Annotation& annotation, bool has_body) {
  using model::AnnotationScope;
  const AnnotationScope scope = annotation.job ? AnnotationScope::Job : AnnotationScope::Build;
  JsonObjectText object;
  object.text("id", annotation.id.str())
      .text("context", annotation.context)
      .text_or_null("style", annotation.style ? name_of(*annotation.style) : "")
      .text("scope", name_of(scope))
      .text_or_null("job_id", annotation.job ? annotation.job->str() : "")
      .number("priority", annotation.priority);
  if (has_body) object.text("body_html", "<pre>" + escaped(annotation.body) + "</pre>");
  return object.time("created_at", annotation.created_at)
      .time("updated_at", annotation.updated_at)
      .finish();
}

}  // namespace ostler::wire
