// SPDX-License-Identifier: Apache-2.0
#include "support/golden.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

namespace ostler::support {

std::string golden(std::string_view name, const std::string& actual) {
  const char* source = std::getenv("OSTLER_SOURCE_DIR");
  const auto path = std::filesystem::path(source ? source : ".") / "tests/data" / name;
  const char* accept = std::getenv("OSTLER_ACCEPT_GOLDEN");
  if (accept && std::string_view(accept) == "1") {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << actual;
  }
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string pretty_json(const std::string& text) {
  return nlohmann::ordered_json::parse(text).dump(2) + "\n";
}

}  // namespace ostler::support
