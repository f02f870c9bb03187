// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace ostler::cli {

/// SIGINT, SIGTERM and SIGHUP as something to wait for. From its making on they no longer end the
/// process. Requires: made before the process has other threads; one at a time.
class StopSignals {
 public:
  static Result<StopSignals> block();

  /// Readable when a signal waits to be taken.
  int fd() const { return fd_.get(); }
  /// The next signal that came; none when there is none.
  std::optional<int> take();

 private:
  explicit StopSignals(UniqueFd fd) : fd_(std::move(fd)) {}
  UniqueFd fd_;
};

}  // namespace ostler::cli
