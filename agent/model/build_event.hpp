// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "base/clock.hpp"
#include "base/uuid.hpp"
#include "model/artifact.hpp"
#include "model/build_state.hpp"
#include "model/job.hpp"

namespace ostler::model {

/// What an event of a build is about. The numbers are stored: append, never renumber.
enum class BuildEventKind : std::uint8_t {
  BuildChanged = 1,
  JobCreated = 2,
  JobChanged = 3,
  JobRemoved = 4,
  AnnotationChanged = 5,
  AnnotationRemoved = 6,
  ArtifactChanged = 7,
  MetaDataSet = 8,
  ArtifactRemoved = 9,
};

/// A job as it was: its id, its state, its agent and how it ended. Of its step there are kind, key
/// and label, and the attempts before and after it, as they are now; a removed job has none of
/// that.
struct JobEventSubject {
  Job job;
  std::string agent_name;  ///< empty: none, or not known any more
};
struct AnnotationEventSubject {
  AnnotationId id;
  std::optional<JobId> job;  ///< none: of the build
  std::string context;
};
struct ArtifactEventSubject {
  ArtifactId id;
  ArtifactState state = ArtifactState::New;
  JobId job;
  std::string path;  ///< empty when the artifact has been removed since
  std::int64_t file_size = 0;
};
struct MetaDataEventSubject {
  std::string key;
};

/// Something that happened to a build. Its number is that of the event before, and one.
struct BuildEvent {
  std::int64_t number = 0;  ///< from 1
  Timestamp at;
  BuildEventKind kind = BuildEventKind::BuildChanged;
  std::variant<BuildState, JobEventSubject, AnnotationEventSubject, ArtifactEventSubject,
               MetaDataEventSubject>
      subject = BuildState::Scheduled;
};

}  // namespace ostler::model
