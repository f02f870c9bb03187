// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

namespace ostler::support {

struct TestCertificate {
  std::filesystem::path certificate;  ///< PEM; signed by itself, so it is its own authority
  std::filesystem::path key;          ///< PEM
};

/// A fresh certificate of `names`, for a day, as two files in `directory`.
TestCertificate make_certificate(const std::filesystem::path& directory,
                                 const std::string& names = "IP:127.0.0.1,DNS:localhost");

}  // namespace ostler::support
