// SPDX-License-Identifier: Apache-2.0
#include "model/told_commit.hpp"

#include <algorithm>

namespace ostler::model {
namespace {

constexpr std::string_view kBegin = "commit ";
constexpr std::string_view kIndent = "    ";
constexpr std::size_t kSha1Length = 40;
constexpr std::size_t kSha256Length = 64;

/// Without the indentation of its lines and the white space at its end.
std::string unindented(std::string_view text) {
  std::string message;
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (line.starts_with(kIndent)) line.remove_prefix(kIndent.size());
    message.append(line).append("\n");
  }
  message.erase(message.find_last_not_of(" \t\r\n") + 1);
  return message;
}

}  // namespace

bool is_commit_id(std::string_view commit) {
  const bool has_length = commit.size() == kSha1Length || commit.size() == kSha256Length;
  return has_length && commit.find_first_not_of("0123456789abcdef") == commit.npos;
}

std::optional<ToldCommit> told_commit(std::string_view text) {
  text = text.substr(0, text.find('\0'));  // the message becomes a variable of jobs
  if (!text.starts_with(kBegin)) return std::nullopt;
  const std::string_view id =
      text.substr(kBegin.size(), text.find_first_of("\r\n", kBegin.size()) - kBegin.size());
  if (!is_commit_id(id)) return std::nullopt;
  const std::size_t headers_end = text.find("\n\n");
  if (headers_end == text.npos) return ToldCommit{std::string(id), ""};
  return ToldCommit{std::string(id), unindented(text.substr(headers_end + 2))};
}

}  // namespace ostler::model
