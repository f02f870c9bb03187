// SPDX-License-Identifier: Apache-2.0
#include "hub/rest_api/paging.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

namespace ostler::rest_api {
namespace {

constexpr std::int64_t kLargestPage = 100;

/// A whole number, the largest one when it does not fit; none when absent or no number.
std::optional<std::int64_t> read_number(const Query& query, std::string_view name) {
  const auto text = query.value(name);
  if (!text) return std::nullopt;
  std::int64_t number = 0;
  const char* end = text->data() + text->size();
  const auto read = std::from_chars(text->data(), end, number);
  if (read.ptr != end) return std::nullopt;
  if (read.ec == std::errc::result_out_of_range) return std::numeric_limits<std::int64_t>::max();
  return number;
}

std::string too_deep(std::string_view items) {
  std::string message = "Listing " + std::string(items) + " this deep is not supported.";
  if (items != "builds") return message;
  return message + " Please narrow your query using filters such as branch or created_from.";
}

}  // namespace

Result<store::PageRequest> read_page(const Query& query, std::string_view items) {
  store::PageRequest page;
  page.number = std::max<std::int64_t>(1, read_number(query, "page").value_or(1));
  page.size =
      std::clamp<std::int64_t>(read_number(query, "per_page").value_or(page.size), 1, kLargestPage);
  if (page.number > store::kDeepestRow / page.size) return Error(Errc::UserFault, too_deep(items));
  return page;
}

std::string link_header(std::string_view url, const Query& query, store::PageRequest page,
                        bool has_next) {
  std::string header;
  const auto add = [&](std::int64_t number, std::string_view relation) {
    if (!header.empty()) header += ", ";
    header.append("<").append(url).append("?").append(query.with_page(number));
    header.append(">; rel=\"").append(relation).append("\"");
  };
  if (has_next) add(page.number + 1, "next");
  if (page.number > 1) {
    add(page.number - 1, "prev");
    add(1, "first");
  }
  return header;
}

}  // namespace ostler::rest_api
