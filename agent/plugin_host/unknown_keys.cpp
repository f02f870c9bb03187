// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/unknown_keys.hpp"

#include <algorithm>

#include "base/nearest_word.hpp"

namespace ostler::plugin_host {

void refuse_unknown(const JsonValue& object, const std::vector<std::string_view>& known,
                    const std::string& where, std::vector<std::string>& faults) {
  for (const auto& [name, value] : object.members) {
    if (std::ranges::find(known, name) != known.end()) continue;
    const std::string_view near = nearest_word(name, known);
    faults.push_back(where + name + ": no such key" +
                     (near.empty() ? "" : ", did you mean \"" + std::string(near) + "\"?"));
  }
}

}  // namespace ostler::plugin_host
