// SPDX-License-Identifier: Apache-2.0
#include "wire/rest_annotation_answers.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "wire/json_list.hpp"
#include "wire/json_reader.hpp"

namespace ostler::wire {
namespace {

using nlohmann::json;

constexpr std::array<std::pair<std::string_view, char>, 6> kEntities{{{"&amp;", '&'},
                                                                      {"&lt;", '<'},
                                                                      {"&gt;", '>'},
                                                                      {"&quot;", '"'},
                                                                      {"&#39;", '\''},
                                                                      {"&nbsp;", ' '}}};

/// The entity at the begin of `html` as one character, taken off; "&" when it is none.
char take_entity(std::string_view& html) {
  for (const auto& [name, character] : kEntities) {
    if (!html.starts_with(name)) continue;
    html.remove_prefix(name.size());
    return character;
  }
  html.remove_prefix(1);
  return '&';
}

/// What a tag says where there is no markup.
std::string_view text_of_tag(std::string_view tag) {
  if (tag == "li" || tag.starts_with("li ")) return "- ";
  if (tag == "hr") return "---";
  return tag == "/td" || tag == "/th" ? "  " : "";
}

Result<RestAnnotationAnswer> read_annotation(const json& object) {
  RestAnnotationAnswer annotation;
  ObjectReader reader(object, "annotation");
  reader.read("id", annotation.id);
  reader.read("context", annotation.context);
  reader.read("style", annotation.style);
  reader.read("scope", annotation.scope);
  reader.read("priority", annotation.priority);
  reader.read("body_html", annotation.body_html);
  reader.read("updated_at", annotation.updated_at);
  OSTLER_TRY(reader.finish());
  return annotation;
}

}  // namespace

Result<std::vector<RestAnnotationAnswer>> decode_rest_annotations(std::string_view text) {
  return decode_list(text, "annotations", read_annotation);
}

std::string text_of_html(std::string_view html) {
  const std::size_t last_end = html.rfind('>');
  const std::size_t tags = last_end == html.npos ? 0 : last_end + 1;
  const std::size_t whole = html.size();
  std::string text;
  while (!html.empty()) {
    const bool is_in_tags = whole - html.size() < tags;
    if (html.front() == '<' && is_in_tags) {
      const std::size_t end = html.find('>');
      text += text_of_tag(html.substr(1, end - 1));
      html.remove_prefix(end + 1);
    } else if (html.front() == '&') {
      text += take_entity(html);
    } else {
      text += html.front();
      html.remove_prefix(1);
    }
  }
  return text;
}

}  // namespace ostler::wire
