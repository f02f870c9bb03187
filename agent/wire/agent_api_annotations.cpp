// SPDX-License-Identifier: Apache-2.0
#include "wire/agent_api_annotations.hpp"

#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/assert.hpp"
#include "wire/json_reader.hpp"

namespace ostler::wire {
namespace {

using model::AnnotationScope;
using model::AnnotationStyle;
using nlohmann::json;

constexpr std::array<std::pair<AnnotationStyle, std::string_view>, 4> kStyles{{
    {AnnotationStyle::Success, "success"},
    {AnnotationStyle::Info, "info"},
    {AnnotationStyle::Warning, "warning"},
    {AnnotationStyle::Error, "error"},
}};

Result<void> read_names(ObjectReader& reader, AnnotationRequest& request) {
  std::string style;
  std::string scope;
  reader.read("style", style);
  reader.read("scope", scope);
  if (!style.empty()) {
    OSTLER_TRY(request.change.style, annotation_style_of(style));
  }
  if (!scope.empty()) {
    OSTLER_TRY(request.scope, annotation_scope_of(scope));
  }
  return success();
}

}  // namespace

std::string_view name_of(AnnotationStyle style) {
  for (const auto& [value, name] : kStyles) {
    if (value == style) return name;
  }
  OSTLER_ASSERT(false);
}

Result<AnnotationStyle> annotation_style_of(std::string_view name) {
  for (const auto& [value, known] : kStyles) {
    if (known == name) return value;
  }
  return Error(Errc::UserFault, "annotation style \"" + std::string(name) +
                                    "\" is not success, info, warning or error");
}

std::string_view name_of(AnnotationScope scope) {
  return scope == AnnotationScope::Job ? "job" : "build";
}

Result<AnnotationScope> annotation_scope_of(std::string_view name) {
  if (name == "build") return AnnotationScope::Build;
  if (name == "job") return AnnotationScope::Job;
  return Error(Errc::UserFault,
               "annotation scope \"" + std::string(name) + "\" is not build or job");
}

std::string encode(const AnnotationRequest& request) {
  const model::AnnotationChange& change = request.change;
  json object = {{"context", request.context}, {"scope", name_of(request.scope)}};
  put_unless_empty(object, "body", change.body);
  if (change.style) object["style"] = name_of(*change.style);
  if (change.append) object["append"] = true;
  if (change.priority) object["priority"] = *change.priority;
  return to_text(object);
}

Result<AnnotationRequest> decode_annotation_request(std::string_view text) {
  constexpr std::string_view kWhat = "annotation";
  OSTLER_TRY(const json object, parse_json(text, kWhat));
  ObjectReader reader(object, kWhat);
  AnnotationRequest request;
  std::int64_t priority = 0;
  std::string context;
  reader.read("body", request.change.body);
  reader.read("context", context);
  reader.read("append", request.change.append);
  reader.read("priority", priority);
  OSTLER_TRY(read_names(reader, request));
  OSTLER_TRY(reader.finish());
  if (!context.empty()) request.context = std::move(context);
  if (priority != 0) request.change.priority = priority;
  return request;
}

}  // namespace ostler::wire
