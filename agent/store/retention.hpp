// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "base/clock.hpp"
#include "base/uuid.hpp"
#include "store/follow_ups.hpp"

// What is removed from the store once it is old. Rows go first, in slices that are short for the
// writer; the names of blobs that have lost their rows are kept until their files are gone too.
namespace ostler::store {

/// How long what is over is kept. Zero: for ever, any number.
struct RetentionTerms {
  std::chrono::days builds{90};     ///< whole builds, from their end
  std::chrono::days logs{90};       ///< of builds that stay
  std::chrono::days artifacts{90};  ///< of builds that stay
  // Of each pipeline; those before them go.
  std::int64_t newest_builds = 0;
  std::int64_t newest_logs = 0;       ///< builds that keep their logs
  std::int64_t newest_artifacts = 0;  ///< builds that keep their artifacts
};

/// Builds that ended less than this ago stay, whatever their number: agents may still deliver.
inline constexpr std::chrono::hours kLeastRetention{24};

enum class Expiry : std::uint8_t { Build, Logs, Artifacts };

/// A build that is to go, or to lose its logs or artifacts.
struct ExpiredBuild {
  BuildId build;
  Expiry what = Expiry::Build;

  friend bool operator==(const ExpiredBuild&, const ExpiredBuild&) = default;
};

struct FindExpired {
  RetentionTerms terms;  ///< where a pipeline says nothing of its own
  Timestamp now{};
  std::int64_t limit = 100;
};

/// Removes some of what has expired, for about `slice` of the writer's time.
struct RemoveExpired {
  ExpiredBuild expired;
  std::chrono::microseconds slice = std::chrono::milliseconds(4);
  Timestamp now{};
};
struct RemovedSlice {
  bool more = false;       ///< there is more to remove of it: call again
  FollowUps follow_ups{};  ///< of the job that waited for a build that goes
};

}  // namespace ostler::store
