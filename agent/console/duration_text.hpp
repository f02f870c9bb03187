// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

namespace ostler::console {

/// A duration for people: "0.4s", "12.3s", "2m 05s", "1h 02m". Negative ones are "0.0s".
std::string duration_text(std::chrono::microseconds duration);

/// How long ago something was, for a list: "now", "5m ago", "3h ago", "12d ago".
std::string age_text(std::chrono::microseconds age);

/// When something will be, for a list: "in 1m", "in 3h", "in 12d"; "over" when it has been.
std::string due_text(std::chrono::microseconds left);

}  // namespace ostler::console
