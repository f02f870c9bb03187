// SPDX-License-Identifier: Apache-2.0
#include "model/web_host.hpp"

#include "base/ascii.hpp"

namespace ostler::model {

std::string web_host(std::string_view address) {
  const auto scheme = address.find("://");
  if (scheme != address.npos) address.remove_prefix(scheme + 3);
  address = address.substr(0, address.find_first_of("/?#\\"));
  const auto user = address.rfind('@');
  if (user != address.npos) address.remove_prefix(user + 1);
  const auto bracket = address.find(']');
  const auto port = address.find(':', bracket == address.npos ? 0 : bracket);
  address = address.substr(0, port);
  if (address.ends_with('.')) address.remove_suffix(1);
  return lower_case(address);
}

}  // namespace ostler::model
