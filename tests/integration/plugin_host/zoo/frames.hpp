// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace zoo {

/// Says the first piece of a message on the box's own socket, and crashes.
[[noreturn]] void die_in_a_message(std::string_view piece);

/// Says of two crashes by turns, and makes a third.
[[noreturn]] void crash_like_two_threads();

/// Says that it cleans up, or that it crashed, for a minute, as fast as the socket takes it.
void flood_with_cleanups();
void flood_with_crashes();

}  // namespace zoo
