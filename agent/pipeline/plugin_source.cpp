// SPDX-License-Identifier: Apache-2.0
#include "pipeline/plugin_source.hpp"

#include <algorithm>

namespace ostler::pipeline {
namespace {

/// A path, or a URL or ssh form: a colon before the first slash makes one.
bool is_complete(std::string_view location) {
  if (location.empty() || location[0] == '/' || location[0] == '.' || location[0] == '\\') {
    return true;
  }
  return location.substr(0, location.find('/')).find(':') != location.npos;
}

}  // namespace

std::string full_plugin_source(std::string_view source) {
  const std::string_view location = source.substr(0, source.find('#'));
  const std::string_view version = source.substr(location.size());
  const auto slashes = std::count(location.begin(), location.end(), '/');
  if (is_complete(location) || slashes > 1) return std::string(source);
  std::string full = slashes == 0 ? "github.com/buildkite-plugins/" : "github.com/";
  return full.append(location).append("-buildkite-plugin").append(version);
}

}  // namespace ostler::pipeline
