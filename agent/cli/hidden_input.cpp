// SPDX-License-Identifier: Apache-2.0
#include "cli/hidden_input.hpp"

#include <termios.h>
#include <unistd.h>

#include <iostream>

#include "cli/redacted_input.hpp"

namespace ostler::cli {
namespace {

/// Keeps what is typed off the screen while this lives.
class NoEcho {
 public:
  NoEcho() {
    is_terminal_ = ::tcgetattr(STDIN_FILENO, &former_) == 0;
    if (!is_terminal_) return;
    termios silent = former_;
    silent.c_lflag &= ~tcflag_t{ECHO};
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
  }
  ~NoEcho() {
    if (is_terminal_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &former_);
  }
  NoEcho(const NoEcho&) = delete;
  NoEcho& operator=(const NoEcho&) = delete;
  bool is_terminal() const { return is_terminal_; }

 private:
  termios former_{};
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
