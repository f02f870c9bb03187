// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "hub/form_parser.hpp"

using namespace ostler;

namespace {

struct Outcome {
  std::string file;
  bool complete = false;
  bool failed = false;
  friend bool operator==(const Outcome&, const Outcome&) = default;
};

Outcome parse(std::string_view form, std::size_t step) {
  hub::FormParser parser("b", "file");
  Outcome outcome;
  while (!form.empty() && !outcome.failed) {
    outcome.failed = !parser.feed(form.substr(0, step), outcome.file);
    form.remove_prefix(std::min(step, form.size()));
  }
  outcome.complete = parser.is_complete();
  return outcome;
}

}  // namespace

/// The file that is found must not depend on where the pieces end.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::string_view form(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (parse(form, 1 + data[0] % 64) != parse(form, form.size())) std::abort();
  return 0;
}
