// SPDX-License-Identifier: Apache-2.0
#include "config/config_file.hpp"

#include <algorithm>
#include <cstdlib>

namespace ostler::config {
namespace {

constexpr std::string_view kBlank = " \t\r";

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

/// `value` up to a "#" that stands outside quotes.
std::string_view without_comment(std::string_view value) {
  char quote = 0;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    if (quote != 0 && c == '\\') {
      ++i;
    } else if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '#') {
      return trimmed(value.substr(0, i));
    }
  }
  return trimmed(value);
}

/// Whether `kept`, a part of `line`, ends where a comment begins without a blank before it.
bool is_cut_in_a_word(std::string_view line, std::string_view kept) {
  if (kept.empty()) return false;
  const auto end = static_cast<std::size_t>(kept.data() + kept.size() - line.data());
  return end < line.size() && line[end] == '#';
}

std::string unquoted(std::string_view value) {
  const auto is_quoted = [value](char quote) {
    return value.size() >= 2 && value.front() == quote && value.back() == quote &&
           std::count(value.begin(), value.end(), quote) == 2;
  };
  if (!is_quoted('"') && !is_quoted('\'')) return std::string(value);
  value = value.substr(1, value.size() - 2);
  std::string out;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char next = i + 1 < value.size() ? value[i + 1] : '\0';
    if (value[i] != '\\' || (next != 'n' && next != '"')) {
      out += value[i];
      continue;
    }
    out += next == 'n' ? '\n' : '"';
    ++i;
  }
  return out;
}

}  // namespace

Result<std::vector<FileSetting>> parse_config_file(std::string_view text) {
  std::vector<FileSetting> settings;
  for (int number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty() || line.front() == '#') continue;
    if (line.starts_with("export ")) line = trimmed(line.substr(7));
    std::size_t separator = line.find('=');
    if (separator == std::string_view::npos) separator = line.find(':');
    if (separator == std::string_view::npos) {
      return Error(Errc::UserFault, "line " + std::to_string(number) + ": \"" + std::string(line) +
                                        "\" is no key=value");
    }
    const std::string_view key = trimmed(line.substr(0, separator));
    const std::string_view kept = without_comment(line.substr(separator + 1));
    // What is left of deploy#1 would allow each version of it, and nothing that comes after.
    if (key == "plugin-allow" && is_cut_in_a_word(line, kept)) {
      return Error(Errc::UserFault, "line " + std::to_string(number) +
                                        ": # begins a comment here; write deploy@1 for deploy#1, "
                                        "or put quotes around the list");
    }
    settings.push_back({std::string(key), unquoted(kept), number});
  }
  return settings;
}

std::filesystem::path find_config_file(const std::filesystem::path& program_directory) {
  static constexpr auto kName = "buildkite-agent.cfg";
  std::vector<std::filesystem::path> places = {program_directory / kName};
  if (const char* home = std::getenv("HOME"); home != nullptr && *home != '\0') {
    places.push_back(std::filesystem::path(home) / ".buildkite-agent" / kName);
  }
  places.push_back(std::filesystem::path("/usr/local/etc/buildkite-agent") / kName);
  places.push_back(std::filesystem::path("/etc/buildkite-agent") / kName);
  for (const auto& place : places) {
    std::error_code ec;
    if (std::filesystem::exists(place, ec)) return place;
  }
  return {};
}

}  // namespace ostler::config
