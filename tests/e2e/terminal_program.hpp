// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>
#include <poll.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/unique_fd.hpp"
#include "files/file.hpp"
#include "support/wait_until.hpp"

namespace ostler::support {

inline constexpr std::string_view kLeave = "\x1b[?1049l";
inline constexpr std::string_view kPicture = "\x1b[H";

/// A program that has a terminal of its own. Killed with its owner.
class TerminalProgram {
 public:
  TerminalProgram(const std::vector<std::string>& words,
                  const std::map<std::string, std::string>& environment, unsigned short columns,
                  unsigned short rows = 24) {
    winsize size{.ws_row = rows, .ws_col = columns, .ws_xpixel = 0, .ws_ypixel = 0};
    int controller = -1;
    pid_ = ::forkpty(&controller, nullptr, nullptr, &size);
    if (pid_ == 0) run(words, environment);
    controller_.reset(controller);
    EXPECT_EQ(::tcgetattr(controller, &before_), 0);
  }
  ~TerminalProgram() {
    if (!code_) {
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, nullptr, 0);
    }
  }
  TerminalProgram(const TerminalProgram&) = delete;
  TerminalProgram& operator=(const TerminalProgram&) = delete;

  void type(std::string_view keys) { EXPECT_TRUE(files::write_all(controller_.get(), keys)); }
  void resize(unsigned short columns) {
    winsize size{.ws_row = 24, .ws_col = columns, .ws_xpixel = 0, .ws_ypixel = 0};
    ::ioctl(controller_.get(), TIOCSWINSZ, &size);
  }
  void signal(int number) { ::kill(pid_, number); }

  /// All that came so far, read until `enough` says so. False when that does not happen.
  bool read_until(const std::function<bool(const std::string&)>& enough) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!enough(text_) && std::chrono::steady_clock::now() < end) {
      if (!read_some()) return enough(text_);
    }
    return enough(text_);
  }
  /// Whether the newest whole picture comes to show `what`.
  bool shows(const std::string& what) {
    return read_until(
        [&](const std::string&) { return picture().find(what) != std::string::npos; });
  }
  /// The exit code, or 128 and the signal.
  int end() {
    read_until([](const std::string&) { return false; });
    int status = 0;
    const auto has_ended = [&] { return ::waitpid(pid_, &status, WNOHANG) == pid_; };
    if (!wait_until(std::chrono::seconds(10), has_ended)) {
      ADD_FAILURE() << "it goes on";
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, &status, 0);
    }
    code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return *code_;
  }

  const std::string& text() const { return text_; }
  std::vector<std::string> pictures() const {
    std::vector<std::string> all;
    for (std::size_t at = text_.find(kPicture); at != text_.npos;) {
      const std::size_t next = text_.find(kPicture, at + 1);
      all.push_back(text_.substr(at, next == text_.npos ? next : next - at));
      at = next;
    }
    return all;
  }
  std::string picture() const { return pictures().empty() ? "" : pictures().back(); }
  std::string after_picture() const {
    const std::size_t at = text_.rfind(kLeave);
    return at == text_.npos ? "" : text_.substr(at + kLeave.size());
  }
  /// Whether the settings of the terminal are those from before. Asked while it is open.
  bool is_as_before() const {
    termios now{};
    return ::tcgetattr(controller_.get(), &now) == 0 && now.c_lflag == before_.c_lflag &&
           now.c_cc[VSUSP] == before_.c_cc[VSUSP];
  }

 private:
  [[noreturn]] static void run(const std::vector<std::string>& words,
                               const std::map<std::string, std::string>& environment) {
    for (const auto& [name, value] : environment) ::setenv(name.c_str(), value.c_str(), 1);
    std::vector<char*> arguments;
    for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    ::execv(arguments[0], arguments.data());
    ::_exit(127);
  }
  bool read_some() {
    pollfd fd{controller_.get(), POLLIN, 0};
    if (::poll(&fd, 1, 30'000) <= 0) return false;
    std::array<char, 4096> piece{};
    const ssize_t size = ::read(controller_.get(), piece.data(), piece.size());
    if (size <= 0) return false;
    text_.append(piece.data(), static_cast<std::size_t>(size));
    return true;
  }

  pid_t pid_ = -1;
  std::optional<int> code_;
  UniqueFd controller_;
  termios before_{};
  std::string text_;
};

}  // namespace ostler::support
