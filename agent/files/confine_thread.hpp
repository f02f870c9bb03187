// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"

namespace ostler::files {

/// From now on this thread opens files beneath that open directory only, and changes them only when
/// it may; what is open already stays so. For work on paths that somebody else can turn into links
/// at any moment. Without Landlock in the kernel it does nothing: there that somebody is held back
/// by nothing either.
Result<void> confine_thread(int directory, bool may_write);

}  // namespace ostler::files
