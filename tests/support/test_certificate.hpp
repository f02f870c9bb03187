// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

namespace ostler::support {

struct TestCertificate {
  std::filesystem::path certificate;  ///< PEM; signed by itself, so it is its own authority
  std::filesystem::path key;          ///< PEM
};

/// A fresh certificate of 127.0.0.1 and localhost, for a day, as two files in `directory`.
TestCertificate make_certificate(const std::filesystem::path& directory);

}  // namespace ostler::support
