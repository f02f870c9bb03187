// SPDX-License-Identifier: Apache-2.0
#include "cli/log_size_option.hpp"

#include <CLI/CLI.hpp>
#include <cstdint>

namespace ostler::cli {

void take_log_size(CLI::Option& option) {
  constexpr std::int64_t kLeast = std::int64_t{1} << 10;
  constexpr std::int64_t kMost = std::int64_t{1} << 40;
  CLI::Validator size = CLI::AsSizeValue(false);
  CLI::Validator range = CLI::Range(kLeast, kMost);
  // The type says it for people.
  option.transform(size.description(""))->check(range.description(""));
  option.type_name("SIZE");
}

}  // namespace ostler::cli
