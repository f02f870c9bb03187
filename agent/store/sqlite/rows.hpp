// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "model/agent.hpp"
#include "model/annotation.hpp"
#include "model/artifact.hpp"
#include "model/build.hpp"
#include "model/job.hpp"
#include "model/pipeline.hpp"
#include "store/identity.hpp"
#include "store/jobs.hpp"
#include "store/sqlite/connection.hpp"

// How rows become model values: for each type the SELECT that names its columns, and its reader.
// A caller appends WHERE and what follows.
namespace ostler::store::sqlite {

extern const std::string_view kSelectOrganization;
model::Organization read_organization(Row& row);

/// The build of a trigger: id, number, slug of its pipeline, state.
std::optional<model::TriggeredBuild> take_triggered_build(Row& row);

/// Reads exit status, which may be null, and reason.
std::optional<model::PromisedFailure> take_promised_failure(Row& row);

/// Reads id, name, email and created_at of an outer join.
std::optional<model::User> take_user(Row& row);

extern const std::string_view kSelectAgent;
model::Agent read_agent(Row& row);

/// Without counts.
extern const std::string_view kSelectPipeline;
model::Pipeline read_pipeline(Row& row);

/// Table alias `b`. Without meta-data.
extern const std::string_view kSelectBuild;
model::Build read_build(Row& row);

/// Table aliases `j` and `s`.
extern const std::string_view kSelectJob;
model::Job read_job(Row& row);

extern const std::string_view kSelectRunnable;
RunnableJob read_runnable(Row& row);

extern const std::string_view kSelectAnnotation;
model::Annotation read_annotation(Row& row);

extern const std::string_view kSelectArtifact;
model::Artifact read_artifact(Row& row);

/// Puts the values of a job's matrix into the rules of its step.
void vary_rules(std::vector<std::string>& rules, const model::MatrixValues& values);

/// Readers of one column.
std::int64_t read_int(Row& row);
std::string read_text(Row& row);
template <class T>
T read_value(Row& row) {
  T value{};
  row.take(value);
  return value;
}

/// The value, or NotFound saying "no such <what>".
template <class T>
Result<T> require(Result<std::optional<T>> found, std::string_view what) {
  if (!found) return std::move(found.error());
  if (!found.value()) return Error(Errc::NotFound, "no such " + std::string(what));
  return std::move(*found.value());
}

/// SQL text made of pieces.
std::string sql(std::string_view first, std::string_view second);

}  // namespace ostler::store::sqlite
