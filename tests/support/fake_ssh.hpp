// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace ostler::support {

/// A program that is called as ssh is and runs the remote command on this machine, or fails in a
/// way that a test chooses.
class FakeSsh {
 public:
  /// Makes the program "ssh" in `directory`, which must not exist.
  explicit FakeSsh(std::filesystem::path directory);

  std::filesystem::path program() const { return directory_ / "ssh"; }

  /// From now on it writes `text` to its standard error and ends with `status`.
  void fail_with(const std::string& text, int status) const;
  /// Only so many calls fail, then it works again.
  void fail_times(int calls) const;
  /// From now on it connects and stays silent until it is killed.
  void fall_silent() const;
  /// From now on the connection ends after so many bytes from the other side, with ssh's status.
  void cut_after(int bytes) const;
  /// Works again.
  void recover() const;

  int calls() const;
  /// The arguments of the last call, without argument 0.
  std::vector<std::string> arguments() const;
  /// The process of the last call.
  int pid() const;

 private:
  void behave(const std::string& script) const;
  std::string note(const std::string& name) const;

  std::filesystem::path directory_;
};

}  // namespace ostler::support
