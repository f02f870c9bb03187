// SPDX-License-Identifier: Apache-2.0
#include "support/temp_directory.hpp"

#include <stdlib.h>

#include <string>

#include "base/assert.hpp"

namespace ostler::support {

TempDirectory::TempDirectory() {
  std::string name = (std::filesystem::temp_directory_path() / "ostler-test-XXXXXX").string();
  OSTLER_ASSERT(::mkdtemp(name.data()) != nullptr);
  path_ = name;
}

TempDirectory::~TempDirectory() {
  std::error_code ec;
  std::filesystem::remove_all(path_, ec);
}

}  // namespace ostler::support
