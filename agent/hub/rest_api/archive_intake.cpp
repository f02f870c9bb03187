// SPDX-License-Identifier: Apache-2.0
#include "hub/rest_api/archive_intake.hpp"

namespace ostler::rest_api {

Result<ArchiveIntake::Place> ArchiveIntake::enter() {
  if (++taken_ <= kAtOnce) return Place(taken_);
  --taken_;
  return Error(Errc::Unavailable, "plugins are being published; try again").with_retryable(true);
}

}  // namespace ostler::rest_api
