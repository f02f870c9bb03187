// SPDX-License-Identifier: Apache-2.0
// Any bytes are a manifest, a configuration, a schema and a shared object, or have faults.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/assert.hpp"
#include "plugin_host/config_schema.hpp"
#include "plugin_host/library_closure.hpp"
#include "plugin_host/manifest.hpp"

namespace {

using namespace ostler::plugin_host;

/// What parses is written and read again as the same.
void check_json(std::string_view text) {
  const auto value = parse_json(text);
  if (!value) return;
  const std::string canonical = canonical_json(value.value());
  const auto again = parse_json(canonical, {.size = std::size_t{16} << 20});
  OSTLER_ASSERT(again && canonical_json(again.value()) == canonical);
  std::vector<std::string> faults;
  check_schema(value.value(), faults);
  if (faults.empty()) {
    [[maybe_unused]] const auto done = complete_config(value.value(), value.value());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  std::vector<std::string> faults;
  OSTLER_ASSERT(read_manifest(bytes, faults).has_value() == faults.empty());
  check_json(bytes);
  faults.clear();
  BundledLibrary library{.name = "liba.so", .file = {}, .faults = {}};
  library.file = read_library(bytes, library.faults);
  close_over(library, {library}, faults);
  return 0;
}
