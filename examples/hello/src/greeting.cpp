// SPDX-License-Identifier: Apache-2.0
#include "greeting.hpp"

namespace hello {

std::string greeting(std::string_view name) {
  if (name.empty()) name = "world";
  return "Hello, " + std::string(name) + "!";
}

}  // namespace hello
