// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/http_head.hpp"

#include <algorithm>
#include <charconv>

namespace ostler::plugin_host {

std::string http_head_text(const std::string& name, const net::HttpResponse& head) {
  std::string text = std::to_string(head.status) + " " + name + "\n";
  for (const auto& [header, value] : head.headers) text += header + ": " + value + "\n";
  return text;
}

HttpHead read_http_head(std::string_view text) {
  HttpHead head;
  for (bool is_first = true; !text.empty(); is_first = false) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    const std::size_t mark = std::min(line.find(is_first ? " " : ": "), line.size());
    const std::string_view rest = line.substr(std::min(mark + (is_first ? 1 : 2), line.size()));
    if (is_first) {
      std::from_chars(line.data(), line.data() + mark, head.status);
      head.name = rest;
    } else {
      head.headers.emplace_back(line.substr(0, mark), rest);
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return head;
}

}  // namespace ostler::plugin_host
