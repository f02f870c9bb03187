// SPDX-License-Identifier: Apache-2.0
#include "console/standard_output.hpp"

#include <unistd.h>

#include "console/escaped_text.hpp"
#include "files/file.hpp"

namespace ostler::console {

std::string as_standard_output_shows(std::string_view text) {
  return ::isatty(STDOUT_FILENO) == 1 ? escaped_text(text) : std::string(text);
}

Result<void> write_line(std::string_view line) {
  return files::write_all(STDOUT_FILENO, as_standard_output_shows(line) + "\n");
}

}  // namespace ostler::console
