// SPDX-License-Identifier: Apache-2.0
#include "calls.hpp"

#include <algorithm>
#include <chrono>
#include <ostler/cpp/services.hpp>
#include <sstream>
#include <vector>

namespace zoo {
namespace {

/// "#3#ab" is "ababab": an argument may be longer than a variable.
std::string repeated(const std::string& part) {
  const std::size_t mark = part.find('#', 1);
  if (!part.starts_with('#') || mark == part.npos) return part;
  std::string text;
  for (int i = std::stoi(part.substr(1)); i > 0; --i) text += part.substr(mark + 1);
  return text;
}

std::vector<std::string> parts_of(const std::string& line) {
  std::vector<std::string> parts;
  std::istringstream in(line);
  for (std::string part; std::getline(in, part, '|');) parts.push_back(repeated(part));
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
  constexpr std::size_t kShown = 1000;
  return told.substr(0, kShown);
}

/// "0 200 71.3 X-Seen: yes": the third word.
std::string name_of_request(const std::string& said) {
  std::istringstream in(said);
  std::string status;
  std::string name;
  in >> status >> status >> name;
  return name;
}

}  // namespace

std::string make_calls(const ostler_host_t* host, const std::string& script) {
  const ostler::Services services(host);
  std::string told;
  std::string request;  // the name of the last one by HTTP
  std::istringstream in(script);
  for (std::string line; std::getline(in, line);) {
    if (line == "wait") {
      services.log("waiting");
    } else if (line == "forget") {
      told.clear();
    } else if (line == "cleanup") {
      services.begin_cleanup();
    } else if (line == "sleep" || line == "nap") {
      (void)services.sleep(std::chrono::milliseconds(line == "nap" ? 2000 : 50));
    } else {
      std::vector<std::string> parts = parts_of(line);
      std::ranges::replace(parts, std::string("="), request);
      const std::string said = call(host, parts);
      if (parts.front() == "ostler.http/1/send") request = name_of_request(said);
      told += (told.empty() ? "" : "; ") + said;
    }
  }
  return told;
}

}  // namespace zoo
