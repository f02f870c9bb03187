// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/uuid.hpp"
#include "model/annotation.hpp"

// Annotations as commands and queries.
namespace ostler::store {

/// Where an annotation stands: at a build, or at one job of it.
struct AnnotationPlace {
  BuildId build;
  std::optional<JobId> job{};
};

/// Makes the annotation of a place and context, or changes it.
struct Annotate {
  AnnotationPlace place;
  std::string context{};
  model::AnnotationChange change;
  std::string request{};  ///< names the call: its repeat changes nothing; empty: it has no name
  Timestamp now{};
};

struct RemoveAnnotation {
  AnnotationPlace place;
  std::string context{};
  Timestamp now{};
};

struct AnnotationFilter {
  BuildId build;
  std::optional<JobId> job{};                     ///< only those of one job
  std::optional<model::AnnotationScope> scope{};  ///< none: both
};

}  // namespace ostler::store
