// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>

namespace ostler::support {

/// Asks `holds` every few milliseconds until it says yes (true) or `limit` has passed (false).
/// For states of other processes that announce nothing; never for something that can be awaited.
bool wait_until(std::chrono::milliseconds limit, const std::function<bool()>& holds);

}  // namespace ostler::support
