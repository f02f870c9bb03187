// SPDX-License-Identifier: Apache-2.0
#include "console/screen.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <utility>

#include "files/file.hpp"

namespace ostler::console {
namespace {

/// The other screen; no cursor; no wrapping, so that a wide character never spoils the next line.
constexpr std::string_view kEnter = "\x1b[?1049h\x1b[?25l\x1b[?7l";
constexpr std::string_view kLeave = "\x1b[?7h\x1b[?25h\x1b[?1049l";
constexpr std::string_view kHome = "\x1b[H";
constexpr std::string_view kClearLine = "\x1b[0m\x1b[K";
constexpr std::string_view kClearRest = "\x1b[0m\x1b[J";
constexpr char kEscapeKey = '\x1b';

/// A terminal that is gone is no reason to stop.
void write_out(std::string_view text) {
  static_cast<void>(files::write_all(STDOUT_FILENO, text).has_value());
}

}  // namespace

std::vector<Key> KeyReader::feed(std::string_view bytes) {
  std::vector<Key> keys;
  for (const char c : bytes) {
    if (c == kEscapeKey) {
      escape_ = c;
    } else if (escape_.size() == 1 && (c == '[' || c == 'O')) {
      escape_ += c;
    } else if (escape_.size() > 1 && c >= '0' && c <= '?') {
      escape_ += escape_.size() < 16 ? std::string(1, c) : std::string();
    } else if (escape_.size() > 1) {
      if (c == 'A') keys.push_back(Key::Up);
      if (c == 'B') keys.push_back(Key::Down);
      escape_.clear();
    } else {
      escape_.clear();
      if (c == 'k') keys.push_back(Key::Up);
      if (c == 'j') keys.push_back(Key::Down);
      if (c == 'g') keys.push_back(Key::Groups);
      if (c == 'q') keys.push_back(Key::Quit);
    }
  }
  return keys;
}

struct Screen::Before {
  termios settings{};
};

bool Screen::is_there() {
  const char* const kind = std::getenv("TERM");
  const bool can_draw = kind != nullptr && *kind != '\0' && std::string_view(kind) != "dumb";
  return can_draw && ::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1;
}

Result<Screen> Screen::open() {
  // Not standard input: what is set on that holds for everybody who shares it.
  UniqueFd terminal(::open("/dev/tty", O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (!terminal) return Error::from_errno(errno, "open the terminal");
  auto before = std::make_unique<Before>();
  if (::tcgetattr(terminal.get(), &before->settings) != 0) {
    return Error::from_errno(errno, "read the terminal's settings");
  }
  termios settings = before->settings;
  settings.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
  // A program that is stopped or ends at once would leave its picture behind.
  settings.c_cc[VSUSP] = _POSIX_VDISABLE;
  settings.c_cc[VQUIT] = _POSIX_VDISABLE;
  settings.c_cc[VMIN] = 1;
  settings.c_cc[VTIME] = 0;
  if (::tcsetattr(terminal.get(), TCSADRAIN, &settings) != 0) {
    return Error::from_errno(errno, "change the terminal's settings");
  }
  write_out(kEnter);
  return Screen(std::move(terminal), std::move(before));
}

Screen::Screen(UniqueFd terminal, std::unique_ptr<Before> before)
    : terminal_(std::move(terminal)), before_(std::move(before)) {}
Screen::Screen(Screen&&) noexcept = default;

Screen::~Screen() {
  if (!before_) return;
  write_out(kLeave);
  // What was typed for this picture is not for the shell.
  ::tcsetattr(terminal_.get(), TCSAFLUSH, &before_->settings);
}

Screen::Size Screen::size() const {
  winsize size{};
  const bool is_known = ::ioctl(terminal_.get(), TIOCGWINSZ, &size) == 0;
  if (!is_known || size.ws_col == 0 || size.ws_row == 0) return {};
  return {size.ws_col, size.ws_row};
}

void Screen::draw(const std::vector<std::string>& lines) {
  std::string text(kHome);
  const std::size_t count = std::min(lines.size(), size().rows);
  if (count == 0) text += kClearRest;
  // Before a line, not behind it: a cursor in the last column would take the character there along.
  for (std::size_t i = 0; i < count; ++i) {
    const bool is_last = i + 1 == count;
    text.append(is_last ? kClearRest : kClearLine).append(lines[i]);
    if (!is_last) text += '\n';  // the terminal makes CR LF of it
  }
  write_out(text);
}

}  // namespace ostler::console
