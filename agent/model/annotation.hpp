// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/uuid.hpp"

namespace ostler::model {

/// The number is stored: append, never renumber.
enum class AnnotationStyle : std::uint8_t { Success = 1, Info = 2, Warning = 3, Error = 4 };

/// What an annotation is about. The number is stored: append, never renumber.
enum class AnnotationScope : std::uint8_t { Build = 1, Job = 2 };

inline constexpr std::size_t kLongestAnnotation = 1u << 20;  ///< bytes of a body
inline constexpr std::size_t kLongestContext = 100;          ///< bytes
inline constexpr std::int64_t kLastPriority = 1;             ///< shown last
inline constexpr std::int64_t kUsualPriority = 3;
inline constexpr std::int64_t kFirstPriority = 10;  ///< shown first

/// A text that a job puts beside its build, or beside itself. One per scope and context.
struct Annotation {
  AnnotationId id;
  BuildId build;
  std::optional<JobId> job;              ///< of scope Job; none: of the build
  std::string context;                   ///< never empty
  std::optional<AnnotationStyle> style;  ///< none: plain
  std::int64_t priority = kUsualPriority;
  std::string body;  ///< Markdown
  Timestamp created_at;
  Timestamp updated_at;
};

/// What is to become of an annotation. What is absent stays as it is.
struct AnnotationChange {
  std::string body{};   ///< empty: only the rest changes
  bool append = false;  ///< the body comes after the one that is there, else in its place
  std::optional<AnnotationStyle> style{};
  std::optional<std::int64_t> priority{};
};

/// Whether a context and a change may be taken at all.
/// Errors: UserFault for a context that is empty or too long, a priority out of range, and a body
/// that is too long.
Result<void> check(const std::string& context, const AnnotationChange& change);

/// Makes a checked change. A body is needed where there is none yet.
/// Errors: UserFault when the body would be empty or longer than kLongestAnnotation.
Result<void> apply(const AnnotationChange& change, Annotation& annotation);

}  // namespace ostler::model
