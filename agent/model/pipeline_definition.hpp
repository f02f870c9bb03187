// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/carried_attributes.hpp"
#include "model/concurrency.hpp"
#include "model/gate.hpp"
#include "model/matrix.hpp"
#include "model/notification.hpp"
#include "model/retry.hpp"
#include "model/soft_fail.hpp"

namespace ostler::model {

/// Environment variables in the order in which they were written; names are unique.
using Variables = std::vector<std::pair<std::string, std::string>>;

/// A place in a text, both counted from 1, columns in bytes. Line 0: no place is known.
struct SourcePosition {
  int line = 0;
  int column = 0;
};

enum class StepKind : std::uint8_t {
  Command,  ///< becomes a job
  Wait,     ///< a barrier: passes by itself once its dependencies are met
  Block,    ///< a barrier that a person opens
  Input,    ///< asks a person, and is no barrier
  Trigger,  ///< makes a build of another pipeline
};

/// Whether a step of that kind waits for a person.
constexpr bool is_gate(StepKind kind) { return kind == StepKind::Block || kind == StepKind::Input; }

/// The build that a trigger step asks for. Source: reference/pipeline-yaml.md 6.
struct Trigger {
  std::string pipeline;   ///< its slug
  bool is_async = false;  ///< the step does not wait for the build
  std::string branch;     ///< empty: the default branch of that pipeline
  std::string commit;     ///< empty: "HEAD"
  std::string message;    ///< empty: the label of the step
  Variables env;
  Variables meta_data;

  friend bool operator==(const Trigger&, const Trigger&) = default;
};

/// One entry of `depends_on`.
struct StepDependency {
  std::string key;
  bool allow_failure = false;
  SourcePosition at;
};

/// An `if`: what must be true of a build, in the language of conditions.
struct ConditionText {
  std::string text;
  SourcePosition at;
};

/// One step as a pipeline describes it: interpolated, defaults applied, aliases resolved.
struct StepDefinition {
  StepKind kind = StepKind::Command;
  std::string key;    ///< empty: none
  std::string label;  ///< empty: none
  /// Shell script; several commands are its lines. Empty for a wait, and for a command step that
  /// leaves everything to hooks.
  std::string command;
  Variables env;
  std::optional<Gate> gate;        ///< of a block or an input
  std::optional<Trigger> trigger;  ///< of a trigger
  /// None: the implicit dependencies (the last wait or block before it). Empty: depends on nothing.
  std::optional<std::vector<StepDependency>> depends_on;
  bool allow_dependency_failure = false;
  std::vector<std::string> agent_query_rules;  ///< "tag=value"; the pipeline's where it has none
  SourcePosition agents_at;                    ///< where these are written
  std::string artifact_paths;                  ///< globs joined by ";"; empty: none
  std::optional<int> timeout_in_minutes;       ///< at least 1
  RetryPolicy retry;
  SoftFail soft_fail;
  std::optional<int> parallelism;   ///< how many jobs; none: one, without a number
  std::optional<Matrix> matrix;     ///< not together with parallelism
  std::optional<std::string> skip;  ///< its jobs never run; the reason, which may be empty
  std::int64_t priority = 0;        ///< of its jobs; higher runs earlier
  std::optional<Concurrency> concurrency;
  bool cancel_on_build_failing = false;   ///< its jobs are canceled when the build turns failing
  std::string branches;                   ///< it is for these branches; blank: for all
  std::vector<ConditionText> conditions;  ///< its own and its group's; all are to hold
  bool continue_on_failure = false;       ///< of a wait: failures before it do not stop it
  std::optional<std::size_t> group;       ///< index into PipelineDefinition::groups
  CarriedAttributes carried;
  SourcePosition at;  ///< where the step begins
};

/// Steps that are shown together. They stand one behind the other in the pipeline.
struct GroupDefinition {
  std::string key;    ///< empty: none; unique among the keys of the steps, too
  std::string label;  ///< empty: none
  /// What each of its steps depends on besides what it says itself; none: as the group's place
  /// says.
  std::optional<std::vector<StepDependency>> depends_on;
  bool allow_dependency_failure = false;  ///< of these and of those by the group's place
  std::string notify;                     ///< JSON list of its notifications; empty: none
  SourcePosition at;
};

/// A pipeline as a file describes it. Keys of steps are unique.
struct PipelineDefinition {
  Variables env;  ///< of every job, below the build's and the step's own
  std::vector<StepDefinition> steps;
  std::vector<GroupDefinition> groups;
  std::vector<Notification> notifications;  ///< of the whole build
};

}  // namespace ostler::model
