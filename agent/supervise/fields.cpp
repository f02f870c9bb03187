// SPDX-License-Identifier: Apache-2.0
#include "supervise/fields.hpp"

#include <algorithm>
#include <charconv>

namespace ostler::supervise {
namespace {

std::string escaped(std::string_view value) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string text;
  for (const char letter : value) {
    const auto byte = static_cast<unsigned char>(letter);
    if (byte >= ' ' && letter != '%') {
      text += letter;
    } else {
      text.append({'%', kDigits[byte >> 4], kDigits[byte & 15]});
    }
  }
  return text;
}

std::string unescaped(std::string_view text) {
  std::string value;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned char byte = 0;
    const char* const begin = text.data() + i + 1;
    const bool has_two = text[i] == '%' && i + 2 < text.size();
    if (has_two && std::from_chars(begin, begin + 2, byte, 16).ptr == begin + 2) {
      value += static_cast<char>(byte);
      i += 2;
    } else {
      value += text[i];
    }
  }
  return value;
}

}  // namespace

std::string encode_fields(const Fields& fields) {
  std::string text;
  for (const auto& [key, value] : fields) text += key + "=" + escaped(value) + "\n";
  return text;
}

Fields decode_fields(std::string_view text) {
  Fields fields;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    const std::size_t border = line.find('=');
    if (border != line.npos) {
      fields.emplace_back(line.substr(0, border), unescaped(line.substr(border + 1)));
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return fields;
}

}  // namespace ostler::supervise
