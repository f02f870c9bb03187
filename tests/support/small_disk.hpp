// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/mount.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "support/temp_directory.hpp"

namespace ostler::support {

/// A file system of a few MiB, which only root may mount, for as long as it lives.
class SmallDisk {
 public:
  explicit SmallDisk(int mebibytes) {
    const std::string size = "size=" + std::to_string(mebibytes) + "m";
    is_mounted_ = ::mount("tmpfs", path().c_str(), "tmpfs", 0, size.c_str()) == 0;
  }
  ~SmallDisk() {
    if (is_mounted_) ::umount2(path().c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  bool is_mounted() const { return is_mounted_; }
  std::filesystem::path path() const { return temporary_.path(); }
  /// Takes all space that is left.
  void fill() const {
    std::ofstream file(filler(), std::ios::binary);
    const std::string piece(4096, 'f');
    while (file.write(piece.data(), static_cast<std::streamsize>(piece.size())).flush()) {
    }
  }
  /// The file that takes it.
  std::filesystem::path filler() const { return path() / "filler"; }

 private:
  TempDirectory temporary_;
  bool is_mounted_ = false;
};

}  // namespace ostler::support
