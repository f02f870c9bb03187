// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <optional>

#include "base/error.hpp"

// When and how often each call of the Agent API is tried again, as data, and the one place that
// reads it. No I/O and no waiting here: a blocking command and the agent's coroutines use the same.
namespace ostler::agent_client {

/// How the wait grows with the number k of earlier failures (0 before the second attempt).
enum class Growth {
  Constant,        ///< base
  Exponential,     ///< base * 2^k
  Subexponential,  ///< base_ms ^ (1 + k/16), in milliseconds
};

/// Which failures end the attempts at once.
enum class StopOn {
  Standard,                ///< any 4xx but 429; a network error that cannot heal
  AnyStatus,               ///< any HTTP error status: only lost answers are tried again
  AnyClientError,          ///< any 4xx, 429 included
  ClientErrorButLocked,    ///< any 4xx but 423 and 429
  UnauthorizedOrNotFound,  ///< 401 and 404
  Nothing,                 ///< every failure is tried again
};

/// Source: agent-api 1.7 and 2.0.
struct RetryPolicy {
  int attempts = 1;  ///< with the first
  Growth growth = Growth::Constant;
  std::chrono::milliseconds base{0};
  std::chrono::milliseconds jitter{0};  ///< up to so much is added to each wait
  StopOn stop_on = StopOn::Standard;
  std::chrono::milliseconds cap{0};      ///< no wait is longer (before jitter); zero: no limit
  std::chrono::milliseconds total{0};    ///< no attempt begins later than this; zero: no limit
  std::chrono::milliseconds early{0};    ///< how much shorter than so a wait may be
  std::chrono::milliseconds attempt{0};  ///< each of the first four attempts may take; zero: any
  std::chrono::milliseconds told{0};     ///< most that the server is told is left; zero: nothing
};

namespace policy {
using std::chrono::milliseconds;
inline constexpr milliseconds kSecond{1000};
inline constexpr milliseconds kMinute{60'000};
/// How long a job's reports are tried. The reference gives a chunk up after ten minutes, and loses
/// it; a hub that is being repaired may be away for hours.
inline constexpr milliseconds kPatience = 6 * 60 * kMinute;
inline constexpr int kUnlimited = 1'000'000;

inline constexpr RetryPolicy kRegister{30, Growth::Constant, 10 * kSecond};
inline constexpr RetryPolicy kConnect{10, Growth::Constant, 5 * kSecond, {}, StopOn::Nothing};
inline constexpr RetryPolicy kDisconnect{4, Growth::Constant, kSecond, {}, StopOn::Nothing};
inline constexpr RetryPolicy kHeartbeat{10, Growth::Constant, 5 * kSecond};
inline constexpr RetryPolicy kAccept{30, Growth::Constant, 5 * kSecond, {}, StopOn::AnyStatus};
inline constexpr RetryPolicy kAcquire{
    .attempts = 7,
    .growth = Growth::Exponential,
    .base = kSecond,
    .jitter = 6 * kSecond,
    .stop_on = StopOn::ClientErrorButLocked,
    .total = 330 * kSecond,
    .early = kSecond,
    .told = 330 * kSecond,
};
inline constexpr RetryPolicy kStart{
    kUnlimited, Growth::Exponential, kSecond, kSecond, StopOn::Standard, kMinute, kPatience};
inline constexpr RetryPolicy kFinish{
    .attempts = kUnlimited,
    .growth = Growth::Subexponential,
    .base = 2 * kSecond,
    .jitter = kSecond,
    .cap = kMinute,
    .total = kPatience,
    .told = 60 * kMinute,
};
inline constexpr RetryPolicy kChunk{kUnlimited, Growth::Subexponential, 2 * kSecond,
                                    kSecond,    StopOn::AnyClientError, kMinute,
                                    kPatience};
inline constexpr RetryPolicy kAgentControl{5, Growth::Constant, kSecond, kSecond};
inline constexpr RetryPolicy kArtifactCreate{
    .attempts = 10,
    .growth = Growth::Subexponential,
    .base = kSecond / 2,
    .attempt = 10 * kSecond,
};
inline constexpr RetryPolicy kArtifactUpdate{
    .attempts = 10,
    .growth = Growth::Subexponential,
    .base = kSecond / 2,
    .stop_on = StopOn::Nothing,
    .attempt = 5 * kSecond,
};
inline constexpr RetryPolicy kArtifactSearch{
    10, Growth::Constant, 5 * kSecond, {}, StopOn::Nothing};
inline constexpr RetryPolicy kArtifactUpload{
    10, Growth::Constant, 5 * kSecond, {}, StopOn::Nothing};
inline constexpr RetryPolicy kArtifactDownload{5, Growth::Constant, 5 * kSecond};
inline constexpr RetryPolicy kMetaDataSet{10, Growth::Subexponential, 2 * kSecond};
inline constexpr RetryPolicy kMetaDataSetBatch{
    10, Growth::Subexponential, 2 * kSecond, {}, StopOn::UnauthorizedOrNotFound};
inline constexpr RetryPolicy kMetaDataGet{10, Growth::Constant, 5 * kSecond};
inline constexpr RetryPolicy kSecretGet{.attempts = 3,
                                        .growth = Growth::Exponential,
                                        .base = kSecond,
                                        .jitter = 6 * kSecond,
                                        .early = kSecond};
inline constexpr RetryPolicy kStep{10, Growth::Constant, 5 * kSecond};
inline constexpr RetryPolicy kBuildCancel{5, Growth::Constant, kSecond, kSecond};
inline constexpr RetryPolicy kJobUpdate{10, Growth::Subexponential, 2 * kSecond};
inline constexpr RetryPolicy kAnnotation{5, Growth::Constant, kSecond, kSecond};
inline constexpr RetryPolicy kPipelineUpload{60, Growth::Constant, 5 * kSecond};
}  // namespace policy

/// What an attempt came to, as far as trying again is concerned.
struct Failure {
  int status = 0;          ///< HTTP status; 0: no usable answer came
  bool retryable = false;  ///< without a status: whether the same call may succeed later
};

/// The failure of an attempt that brought no usable answer.
Failure failure_of(const Error& error);
/// The failure that an HTTP error status is.
Failure failure_of_status(int status);

/// The attempts of one call: asks the policy after each failure.
class Attempts {
 public:
  /// A number in [0, 1) per call; must outlive the attempts.
  using Random = std::function<double()>;

  Attempts(const RetryPolicy& policy, Random random);

  /// How long to wait before the next attempt; none when the failure is final.
  /// `elapsed` is the time since the first attempt began.
  std::optional<std::chrono::milliseconds> next(const Failure& failure,
                                                std::chrono::milliseconds elapsed);
  /// What the next attempt may take, which its server is told; zero: as long as others, and nothing
  /// is told. `elapsed` as for next. Source: agent-api 1.3, Buildkite-Timeout-Milliseconds.
  std::chrono::milliseconds time_left(std::chrono::milliseconds elapsed) const;
  /// How many attempts have failed.
  int failed() const { return failed_; }

 private:
  RetryPolicy policy_;
  Random random_;
  int failed_ = 0;
};

/// A thread-safe source of numbers in [0, 1) for jitter.
double jitter();

}  // namespace ostler::agent_client
