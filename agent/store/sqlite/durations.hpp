// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

namespace ostler::store::sqlite {

/// Silence after which an agent shows as lost and gets no work.
inline constexpr std::chrono::seconds kAgentSilence{180};
/// What a job is given beyond the end of its agent's lease.
inline constexpr std::chrono::seconds kLeaseGrace{30};
/// Time without a sweep after which the hub is taken to have stood still (suspended, say).
inline constexpr std::chrono::seconds kStandstill{90};
/// Time between accept and start.
inline constexpr std::chrono::seconds kStartDeadline{180};
/// How long a job waits for an agent.
inline constexpr std::chrono::hours kScheduledExpiry{24 * 30};
/// How long a token goes on working after its job or session ended.
inline constexpr std::chrono::hours kTokenAfterlife{24};

}  // namespace ostler::store::sqlite
