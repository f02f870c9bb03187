// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace zoo {

/// Aborts below a frame whose caller, as the tables of the unwinder have it, is itself; or below
/// one whose caller lies where no memory is, so that the unwinder crashes. Returns where it cannot.
void abort_in_a_circle();
void abort_above_nothing();

}  // namespace zoo
