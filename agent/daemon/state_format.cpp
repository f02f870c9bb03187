// SPDX-License-Identifier: Apache-2.0
#include "daemon/state_format.hpp"

#include <nlohmann/json.hpp>
#include <string>

namespace ostler::daemon {

using nlohmann::json;

json our_format() { return {{"major", kStateMajor}, {"minor", kStateMinor}}; }

Result<void> check_format(const json& object, std::string_view what) {
  const auto format = object.is_object() ? object.find("format") : object.end();
  if (!object.is_object() || format == object.end() || !format->is_object() ||
      !format->value("major", json()).is_number_integer()) {
    return Error(Errc::Corrupt, std::string(what) + " is not what an agent writes");
  }
  const int major = format->at("major").get<int>();
  if (major <= kStateMajor) return success();
  return Error(Errc::Conflict, std::string(what) + " has format " + std::to_string(major) +
                                   ", this agent knows " + std::to_string(kStateMajor) +
                                   "; start the newer agent, or choose another --state-path");
}

}  // namespace ostler::daemon
