// SPDX-License-Identifier: Apache-2.0
#include "cli/hidden_input.hpp"

#include <signal.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <iostream>
#include <optional>

#include "cli/redacted_input.hpp"

namespace ostler::cli {
namespace {

constexpr std::array kEndingSignals{SIGINT, SIGTERM, SIGHUP, SIGQUIT};

/// How the terminal was. Outside of its user because a handler of signals can be told nothing.
termios former_settings{};

/// Then the signal, which is held back in here, ends the program as if nobody had handled it.
void give_terminal_back(int number) {
  ::tcsetattr(STDIN_FILENO, TCSANOW, &former_settings);
  ::tcflush(STDIN_FILENO, TCIFLUSH);  // half a secret is no command for the shell
  ::raise(number);
}

/// Gives the terminal back before a signal ends the program, while this lives.
class TerminalGuard {
 public:
  TerminalGuard() {
    struct sigaction action{};
    action.sa_handler = give_terminal_back;
    action.sa_flags = static_cast<int>(SA_RESETHAND);
    sigfillset(&action.sa_mask);
    for (std::size_t i = 0; i < kEndingSignals.size(); ++i) {
      ::sigaction(kEndingSignals[i], &action, &former_[i]);
      if (former_[i].sa_handler == SIG_IGN) ::sigaction(kEndingSignals[i], &former_[i], nullptr);
    }
  }
  ~TerminalGuard() {
    for (std::size_t i = 0; i < kEndingSignals.size(); ++i) {
      ::sigaction(kEndingSignals[i], &former_[i], nullptr);
    }
  }
  TerminalGuard(const TerminalGuard&) = delete;
  TerminalGuard& operator=(const TerminalGuard&) = delete;

 private:
  std::array<struct sigaction, kEndingSignals.size()> former_{};
};

/// Keeps what is typed off the screen while this lives.
class NoEcho {
 public:
  NoEcho() {
    is_terminal_ = ::tcgetattr(STDIN_FILENO, &former_settings) == 0;
    if (!is_terminal_) return;
    guard_.emplace();
    termios silent = former_settings;
    silent.c_lflag &= ~tcflag_t{ECHO};
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
  }
  ~NoEcho() {
    if (is_terminal_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &former_settings);
  }
  NoEcho(const NoEcho&) = delete;
  NoEcho& operator=(const NoEcho&) = delete;
  bool is_terminal() const { return is_terminal_; }

 private:
  std::optional<TerminalGuard> guard_;
  bool is_terminal_ = false;
};

Error nothing_given(const std::string& command, const std::string& what) {
  return Error(Errc::UserFault, command + ": no " + what + " on standard input");
}

}  // namespace

Result<Secret> read_hidden_line(const std::string& command, const std::string& what) {
  const NoEcho silent;
  if (silent.is_terminal()) std::cerr << what << ": " << std::flush;
  std::string line;
  std::getline(std::cin, line);
  if (silent.is_terminal()) std::cerr << std::endl;
  const auto last = line.find_last_not_of(" \t\r");
  if (last == line.npos) return nothing_given(command, what);
  return Secret(line.substr(0, last + 1));
}

Result<Secret> read_hidden_text(const std::string& command, const std::string& what) {
  if (::isatty(STDIN_FILENO) == 1) return read_hidden_line(command, what);
  OSTLER_TRY(std::string text, read_standard_input("the " + what));
  if (text.ends_with('\n')) text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
  if (text.empty()) return nothing_given(command, what);
  return Secret(std::move(text));
}

}  // namespace ostler::cli
