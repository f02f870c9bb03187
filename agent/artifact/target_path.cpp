// SPDX-License-Identifier: Apache-2.0
#include "artifact/target_path.hpp"

#include <algorithm>
#include <vector>

namespace ostler::artifact {
namespace {

std::vector<std::string> components_of(std::string_view path) {
  std::vector<std::string> components;
  std::string component;
  const auto end_component = [&] {
    const bool leading_up = component == ".." && components.empty();
    if (!component.empty() && component != "." && !leading_up) components.push_back(component);
    component.clear();
  };
  for (const char c : path) {
    if (c == '/' || c == '\\') {
      end_component();
    } else {
      component += c;
    }
  }
  end_component();
  return components;
}

}  // namespace

Result<std::filesystem::path> target_path(const std::string& destination, std::string_view path) {
  std::vector<std::string> components = components_of(path);
  const bool leaves = std::find(components.begin(), components.end(), "..") != components.end();
  if (components.empty() || leaves || path.find('\0') != std::string_view::npos) {
    return Error(Errc::Denied, "artifact path \"" + std::string(path.substr(0, 200)) +
                                   "\" leads out of " + destination + ", not downloading it");
  }
  const std::filesystem::path directory(destination);
  const bool repeats = directory.has_filename() && directory.filename() == components.front();
  std::filesystem::path target = directory;
  for (std::size_t i = repeats && components.size() > 1 ? 1 : 0; i < components.size(); ++i) {
    target /= components[i];
  }
  return target;
}

}  // namespace ostler::artifact
