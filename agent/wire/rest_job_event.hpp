// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace ostler::wire {

/// An item of REST's `jobs/{id}/events`. `data` is JSON.
std::string encode_rest_job_event(std::int64_t sequence, Timestamp at, std::string_view kind,
                                  std::string_view data);

}  // namespace ostler::wire
