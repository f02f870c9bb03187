// SPDX-License-Identifier: Apache-2.0
#include "process/signal_name.hpp"

#include <array>
#include <csignal>
#include <cstring>
#include <utility>

namespace ostler::process {
namespace {

constexpr std::array<std::pair<std::string_view, int>, 7> kCancelSignals = {{
    {"SIGHUP", SIGHUP},
    {"SIGINT", SIGINT},
    {"SIGQUIT", SIGQUIT},
    {"SIGKILL", SIGKILL},
    {"SIGUSR1", SIGUSR1},
    {"SIGUSR2", SIGUSR2},
    {"SIGTERM", SIGTERM},
}};

}  // namespace

std::string signal_name(int signal) {
  if (const char* name = ::sigabbrev_np(signal)) return std::string("SIG") + name;
  return "signal " + std::to_string(signal);
}

std::optional<int> parse_cancel_signal(std::string_view name) {
  std::string upper(name);
  for (char& letter : upper) {
    if (letter >= 'a' && letter <= 'z') letter = static_cast<char>(letter - 'a' + 'A');
  }
  for (const auto& [known, number] : kCancelSignals) {
    if (upper == known) return number;
  }
  return std::nullopt;
}

}  // namespace ostler::process
