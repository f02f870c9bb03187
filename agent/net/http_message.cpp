// SPDX-License-Identifier: Apache-2.0
#include "net/http_message.hpp"

#include <strings.h>

namespace ostler::net {

std::string_view find_header(const HttpHeaders& headers, std::string_view name) {
  for (const auto& [known, value] : headers) {
    if (known.size() == name.size() && strncasecmp(known.data(), name.data(), name.size()) == 0) {
      return value;
    }
  }
  return {};
}

}  // namespace ostler::net
