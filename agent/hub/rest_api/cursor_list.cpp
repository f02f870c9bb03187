// SPDX-License-Identifier: Apache-2.0
#include "hub/rest_api/cursor_list.hpp"

#include <charconv>

#include "hub/rest_api/responses.hpp"
#include "wire/rest_json.hpp"

namespace ostler::rest_api {
namespace {

constexpr std::size_t kItemsOfPage = 30;
constexpr std::size_t kMostItemsOfPage = 100;

std::string links_of(const Call& call, const CursorPage& page) {
  const bool is_backwards = call.query.value("before").has_value();
  const bool has_next = is_backwards || page.has_more;
  const bool has_previous = is_backwards ? page.has_more : call.query.value("after").has_value();
  const std::string others = call.query.without({"after", "before", "page"});
  const auto url = [&](std::string_view name, std::string_view cursor) {
    std::string query = others;
    if (!cursor.empty()) {
      query.append(query.empty() ? "" : "&").append(name).append("=").append(cursor);
    }
    return call.url + (query.empty() ? "" : "?") + query;
  };
  const std::string query = call.query.without({"page"});
  wire::JsonObjectText links;
  links.text("self", call.url + (query.empty() ? "" : "?") + query).text("first", url("", ""));
  if (page.items.empty()) return links.finish();
  if (has_next) links.text("next", url("after", page.last));
  if (has_previous) links.text("prev", url("before", page.first));
  return links.finish();
}

}  // namespace

Result<std::size_t> read_cursor_page(const Query& query) {
  if (query.value("after") && query.value("before")) {
    return bad_request("after and before cannot be given together");
  }
  const auto text = query.value("per_page");
  if (!text) return kItemsOfPage;
  std::size_t size = 0;
  const char* const end = text->data() + text->size();
  const auto read = std::from_chars(text->data(), end, size);
  const bool fits =
      read.ec == std::errc() && read.ptr == end && size >= 1 && size <= kMostItemsOfPage;
  if (fits) return size;
  return bad_request("per_page must be a number from 1 to 100");
}

net::ServerResponse cursor_list(const Call& call, const CursorPage& page) {
  return json(200, wire::JsonObjectText()
                       .raw("items", wire::json_array(page.items))
                       .raw("links", links_of(call, page))
                       .finish());
}

}  // namespace ostler::rest_api
