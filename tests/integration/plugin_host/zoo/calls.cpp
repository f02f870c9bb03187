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

/// In vain.
void retry_for_minutes(const ostler_host_t* host) {
  const void* table = host->get_extension(host, ostler::to_text(OSTLER_CLOCK_ID));
  constexpr std::int64_t kMinute = 60'000'000'000;
  const ostler_retry_policy_t policy{sizeof policy, 5, kMinute, 10 * kMinute};
  static_cast<const ostler_clock_t*>(table)->retry(
      host, &policy, [](void*, int32_t) -> ostler_status_t { return OSTLER_UNAVAILABLE; }, nullptr);
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
    } else if (line == "hibernate") {
      (void)services.sleep(std::chrono::hours(14));
    } else if (line == "retry") {
      retry_for_minutes(host);
    } else if (line == "time") {
      services.log("since 1970 " + std::to_string(services.now().time_since_epoch().count()) +
                   ", ticks " + std::to_string(services.ticks().count()));
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
