// SPDX-License-Identifier: Apache-2.0
#include "calls.hpp"

#include <algorithm>
#include <ostler/cpp/services.hpp>
#include <sstream>
#include <vector>

namespace zoo {
namespace {

std::vector<std::string> parts_of(const std::string& line) {
  std::vector<std::string> parts;
  std::istringstream in(line);
  for (std::string part; std::getline(in, part, '|');) parts.push_back(part);
  return parts;
}

std::string call(const ostler_host_t* host, const std::vector<std::string>& parts) {
  const std::string& method = parts.front();
  const std::size_t slash = method.rfind('/');
  std::vector<ostler_text_t> arguments;
  for (std::size_t i = 1; i < parts.size(); ++i) arguments.push_back(ostler::to_text(parts[i]));
  ostler::detail::Kept value;
  ostler::detail::Kept error;
  const auto status =
      ostler_call(host, method.substr(0, slash).c_str(), method.substr(slash + 1).c_str(),
                  arguments.data(), arguments.size(), value.sink(), error.sink());
  std::string told = std::to_string(status) + " " + value.text() + error.text();
  std::ranges::replace(told, '\n', ' ');
  return told;
}

}  // namespace

std::string make_calls(const ostler_host_t* host, const std::string& script) {
  const ostler::Services services(host);
  std::string told;
  std::istringstream in(script);
  for (std::string line; std::getline(in, line);) {
    if (line == "wait") {
      services.log("waiting");
    } else if (line == "cleanup") {
      services.begin_cleanup();
    } else {
      told += (told.empty() ? "" : "; ") + call(host, parts_of(line));
    }
  }
  return told;
}

}  // namespace zoo
