// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace ostler::model {

/// How a job can have failed.
enum class FailureKind : std::uint8_t { Canceled, Expired, Failed, SoftFailed, TimedOut };

}  // namespace ostler::model
