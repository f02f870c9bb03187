// SPDX-License-Identifier: Apache-2.0
#include "console/fields.hpp"

#include <string>

#include "console/plain_text.hpp"

namespace ostler::console {

void print_field(std::string_view name, std::string_view value, Terminal& terminal) {
  constexpr std::size_t kNameWidth = 14;
  const std::string plain = plain_line(value);
  if (plain.find_first_not_of(' ') == plain.npos) return;
  std::string label(name);
  label.resize(kNameWidth, ' ');
  terminal.print_line(terminal.styled(label, Style::Faint) + plain);
}

}  // namespace ostler::console
