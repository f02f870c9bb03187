// SPDX-License-Identifier: Apache-2.0
#include "keeper/options.hpp"

#include <charconv>
#include <string>
#include <string_view>

namespace ostler::keeper {
namespace {

Result<std::uint64_t> parse_number(std::string_view name, std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (ec == std::errc() && end == text.data() + text.size()) return number;
  return Error(Errc::UserFault,
               "keeper: " + std::string(name) + " is not a number: " + std::string(text));
}

Result<void> set_option(Options& options, std::string_view name, std::string_view value) {
  if (name == "--job-dir") {
    options.job_directory = value;
  } else if (name == "--socket") {
    options.socket = value;
  } else if (name == "--groups") {
    options.groups = value;
  } else if (name == "--epoch") {
    OSTLER_TRY(options.epoch, parse_number(name, value));
  } else if (name == "--disk-patience-ms") {
    OSTLER_TRY(const auto patience, parse_number(name, value));
    options.disk_patience = std::chrono::milliseconds(patience);
  } else {
    return Error(Errc::UserFault, "keeper: unknown argument " + std::string(name));
  }
  return success();
}

}  // namespace

Result<Options> parse_options(std::span<char* const> arguments) {
  Options options;
  for (std::size_t i = 0; i < arguments.size(); i += 2) {
    if (i + 1 == arguments.size()) {
      return Error(Errc::UserFault, std::string("keeper: no value for ") + arguments[i]);
    }
    OSTLER_TRY(set_option(options, arguments[i], arguments[i + 1]));
  }
  if (options.job_directory.empty() || options.socket.empty()) {
    return Error(Errc::UserFault, "keeper: --job-dir and --socket are needed");
  }
  return options;
}

}  // namespace ostler::keeper
