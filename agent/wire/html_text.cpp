// SPDX-License-Identifier: Apache-2.0
#include "wire/html_text.hpp"

namespace ostler::wire {

void append_html(std::string& html, std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '&': html += "&amp;"; break;
      case '<': html += "&lt;"; break;
      case '>': html += "&gt;"; break;
      case '"': html += "&quot;"; break;
      case '\'': html += "&#39;"; break;
      default: html += c;
    }
  }
}

std::string html_of(std::string_view text) {
  std::string html;
  html.reserve(text.size());
  append_html(html, text);
  return html;
}

}  // namespace ostler::wire
