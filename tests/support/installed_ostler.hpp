// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <fstream>
#include <string>

#include "support/child_program.hpp"

namespace ostler::support {

/// The built Ostler as it is installed, but its lean program goes through some lines of shell
/// first, which may look at its arguments, change them and wait.
class InstalledOstler {
 public:
  /// `root`: where it is installed. `first`: lines of sh, with the arguments in "$@".
  InstalledOstler(std::filesystem::path root, const std::string& first) : root_(std::move(root)) {
    std::filesystem::create_directories(root_ / "bin");
    std::filesystem::create_directories(root_ / "libexec/ostler");
    std::filesystem::copy_file(host_program(), host());
    const auto lean = root_ / "bin/ostler";
    std::ofstream(lean) << "#!/bin/sh\n" << first << "\nexec '" << ostler_program() << "' \"$@\"\n";
    std::filesystem::permissions(lean, std::filesystem::perms::owner_all);
  }

  /// The program that is an agent or a hub, and starts its keepers through the lines of shell.
  std::filesystem::path host() const { return root_ / "libexec/ostler/ostler-host"; }

 private:
  std::filesystem::path root_;
};

}  // namespace ostler::support
