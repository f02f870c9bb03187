// SPDX-License-Identifier: Apache-2.0
#include "git/ssh_failure.hpp"

#include <cctype>
#include <deque>

namespace ostler::git {
namespace {

constexpr std::size_t kMostLines = 6;
constexpr std::size_t kLongestLine = 300;  // bytes
constexpr int kNotFoundByShell = 127;
constexpr int kFailedBeforeTheHost = 255;  // ssh's own status; others are the remote command's

struct Known {
  std::string_view text;
  Errc code;
  std::string_view advice;
};

// In this order: what a later line would say too comes first.
constexpr Known kKnown[] = {
    {"IDENTIFICATION HAS CHANGED", Errc::Denied,
     "the host shows another key than known_hosts has; when that is right, remove the old one with"
     " ssh-keygen -R"},
    {"Host key verification failed", Errc::Denied,
     "put the host's key into ~/.ssh/known_hosts of the agent's user (ssh-keyscan shows it; compare"
     " it with what the host publishes), or start the agent without no-ssh-keyscan, which trusts a"
     " new host the first time"},
    {"Too many authentication failures", Errc::Denied,
     "name the one key that the host knows in ~/.ssh/config (IdentityFile, IdentitiesOnly yes)"},
    {"Permission denied (", Errc::Denied,
     "the host takes none of the keys that were offered; give the agent's user one that it knows:"
     " in an ssh-agent (SSH_AUTH_SOCK), in ~/.ssh, or as BUILDKITE_GIT_SSH_KEY"},
    {"git-upload-pack: not found", Errc::UserFault, "install git on the host"},
    {"git-upload-pack: command not found", Errc::UserFault, "install git on the host"},
    {"does not appear to be a git repository", Errc::NotFound, ""},
    {"epository not found", Errc::NotFound, ""},
    {"could not be found or you don't have permission", Errc::NotFound, ""},
    {"Could not resolve hostname", Errc::Unavailable, "check the host's name and the network"},
};

std::string without_control_characters(std::string_view line) {
  std::string clean;
  for (const char c : line.substr(0, kLongestLine)) {
    if (std::iscntrl(static_cast<unsigned char>(c)) == 0) clean += c;
  }
  return clean;
}

bool says_why(const std::string& line) {
  return line.find_first_not_of(" @") != std::string::npos &&
         !line.starts_with("Warning: Permanently added");
}

std::string last_words(std::string_view text) {
  std::deque<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string line = without_control_characters(text.substr(at, end - at));
    if (says_why(line)) lines.push_back(std::move(line));
    if (lines.size() > kMostLines) lines.pop_front();
    at = end + 1;
  }
  std::string words;
  for (const std::string& line : lines) words += (words.empty() ? "" : " / ") + line;
  return words;
}

Known classify(const process::ExitStatus& status, std::string_view text) {
  for (const Known& known : kKnown) {
    if (text.find(known.text) != std::string_view::npos) return known;
  }
  const auto* exited = std::get_if<process::Exited>(&status);
  if (exited != nullptr && exited->code == kFailedBeforeTheHost) {
    return {"", Errc::Unavailable, "check the network, the host and its port"};
  }
  return {"", Errc::Unavailable, "the host ended the connection; it may say why in its own log"};
}

}  // namespace

Error ssh_failure(const SshAddress& address, const SshCommand& command,
                  const process::ExitStatus& status, std::string_view text) {
  const std::string words = last_words(text);
  std::string message = command.name + " " + address.destination + ": ";
  message += words.empty() ? process::describe(status) : words;
  if (command.is_missing && status == process::ExitStatus(process::Exited{kNotFoundByShell})) {
    return Error(Errc::UserFault, message +
                                      "; install an ssh client (openssh-client), or name one"
                                      " in GIT_SSH_COMMAND");
  }
  const Known known = classify(status, text);
  if (!known.advice.empty()) message.append("; ").append(known.advice);
  return Error(known.code, std::move(message)).with_retryable(known.code == Errc::Unavailable);
}

}  // namespace ostler::git
