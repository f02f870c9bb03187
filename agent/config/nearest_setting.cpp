// SPDX-License-Identifier: Apache-2.0
#include "config/nearest_setting.hpp"

#include <vector>

#include "base/nearest_word.hpp"
#include "config/setting.hpp"
#include "config/unsupported_settings.hpp"

namespace ostler::config {

std::string_view nearest_setting(std::string_view name) {
  std::vector<std::string_view> names;
  for (const Setting& setting : agent_settings()) names.push_back(setting.name);
  for (const UnsupportedSetting& setting : unsupported_settings()) names.push_back(setting.name);
  return nearest_word(name, names);
}

}  // namespace ostler::config
