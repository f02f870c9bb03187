// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace ostler::console {

enum class Key : std::uint8_t { Up, Down, Groups, Quit };

/// Reads the keys that mean something out of what a terminal sends, whatever pieces it comes in.
class KeyReader {
 public:
  std::vector<Key> feed(std::string_view bytes);

 private:
  std::string escape_;  ///< an escape sequence that is not whole
};

/// The whole terminal as a picture that is drawn anew, without what was on it before, which comes
/// back at the end. Keys come at once and unseen; Ctrl-C still sends SIGINT.
class Screen {
 public:
  struct Size {
    std::size_t columns = 80;
    std::size_t rows = 24;
  };

  /// Whether standard input and output are a terminal that can be drawn on.
  static bool is_there();
  /// Errors: Unavailable when there is none.
  static Result<Screen> open();
  /// The terminal is as it was.
  ~Screen();
  Screen(Screen&&) noexcept;
  Screen& operator=(Screen&&) = delete;

  Size size() const;
  /// What keys are read from; non-blocking, and this program's alone.
  int input() const { return terminal_.get(); }
  /// Draws lines from the top; those beyond the last row are left out, and so is what is too wide.
  void draw(const std::vector<std::string>& lines);

 private:
  struct Before;

  Screen(UniqueFd terminal, std::unique_ptr<Before> before);

  UniqueFd terminal_;
  std::unique_ptr<Before> before_;
};

}  // namespace ostler::console
