// SPDX-License-Identifier: Apache-2.0
#include "environment/variables.hpp"

#include <unistd.h>

namespace ostler::environment {

Variables variables_of_process() {
  Variables variables;
  for (char** entry = ::environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::size_t equals = text.find('=');
    if (equals != text.npos) variables.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return variables;
}

}  // namespace ostler::environment
