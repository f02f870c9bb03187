// SPDX-License-Identifier: Apache-2.0
#include "object_store/xml_text.hpp"

namespace ostler::object_store {
namespace {

struct Entity {
  std::string_view name;
  char byte;
};
constexpr Entity kEntities[] = {
    {"&quot;", '"'}, {"&#34;", '"'}, {"&apos;", '\''}, {"&#39;", '\''},
    {"&lt;", '<'},   {"&gt;", '>'},  {"&amp;", '&'},
};

}  // namespace

std::string xml_text(std::string_view document, std::string_view element) {
  const std::string name(element);
  const std::size_t open = document.find("<" + name + ">");
  const std::size_t close = document.find("</" + name + ">");
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) return {};
  const std::size_t begin = open + name.size() + 2;
  const std::string_view content = document.substr(begin, close - begin);
  std::string text;
  for (std::size_t at = 0; at < content.size();) {
    const Entity* found = nullptr;
    for (const Entity& entity : kEntities) {
      if (content.substr(at).starts_with(entity.name)) found = &entity;
    }
    text += found == nullptr ? content[at] : found->byte;
    at += found == nullptr ? 1 : found->name.size();
  }
  return text;
}

std::string xml_escaped(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '<') {
      escaped += "&lt;";
    } else if (c == '>') {
      escaped += "&gt;";
    } else if (c == '&') {
      escaped += "&amp;";
    } else {
      escaped += c;
    }
  }
  return escaped;
}

}  // namespace ostler::object_store
