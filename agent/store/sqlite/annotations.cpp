// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/commands.hpp"
#include "store/sqlite/event_log.hpp"
#include "store/sqlite/paging.hpp"
#include "store/sqlite/queries.hpp"
#include "store/sqlite/rows.hpp"

namespace ostler::store::sqlite {
namespace {

using model::Annotation;

constexpr std::string_view kSave =
    "INSERT INTO annotations (id, owner_id, build_id, job_id, context, style, priority, body, "
    "request, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) "
    "ON CONFLICT (owner_id, context) DO UPDATE SET style = ?6, priority = ?7, body = ?8, "
    "request = ?9, updated_at = ?11";
constexpr std::string_view kAtPlace = "WHERE owner_id = ? AND context = ?";
constexpr std::string_view kOfBuild =
    "WHERE build_id = ?1 AND (?2 IS NULL OR job_id = ?2) AND "
    "(?3 IS NULL OR (job_id IS NULL) = (?3 = 1)) ORDER BY priority DESC, id LIMIT ?4 OFFSET ?5";

Uuid owner_of(const AnnotationPlace& place) {
  return place.job ? place.job->uuid : place.build.uuid;
}

Annotation fresh(const Annotate& command) {
  Annotation annotation;
  annotation.id = AnnotationId::make();
  annotation.build = command.place.build;
  annotation.job = command.place.job;
  annotation.context = command.context;
  annotation.created_at = command.now;
  return annotation;
}

Result<void> require_place(Connection& database, const AnnotationPlace& place) {
  if (!place.job) {
    OSTLER_TRY(require(database.find("SELECT 1 FROM builds WHERE id = ?", read_int, place.build),
                       "build"));
    return success();
  }
  OSTLER_TRY(require(database.find("SELECT 1 FROM jobs WHERE id = ? AND build_id = ?", read_int,
                                   *place.job, place.build),
                     "job"));
  return success();
}

/// Whether the annotation is as this very call left it.
Result<bool> is_repeat(Connection& database, const Annotate& command) {
  if (command.request.empty()) return false;
  OSTLER_TRY(const auto last,
             database.find("SELECT request FROM annotations WHERE owner_id = ? AND context = ?",
                           read_text, owner_of(command.place), command.context));
  return last == command.request;
}

}  // namespace

Result<Annotation> annotate(Connection& database, const Annotate& command) {
  OSTLER_TRY(check(command.context, command.change));
  OSTLER_TRY(require_place(database, command.place));
  const Uuid owner = owner_of(command.place);
  OSTLER_TRY(const auto found, database.find(sql(kSelectAnnotation, kAtPlace), read_annotation,
                                             owner, command.context));
  OSTLER_TRY(const bool repeat, is_repeat(database, command));
  if (repeat) return *found;
  Annotation annotation = found.value_or(fresh(command));
  OSTLER_TRY(apply(command.change, annotation));
  annotation.updated_at = command.now;
  OSTLER_TRY(database.run(kSave, annotation.id, owner, annotation.build, annotation.job,
                          annotation.context, annotation.style, annotation.priority,
                          annotation.body, command.request, annotation.created_at,
                          annotation.updated_at));
  EventLog events(database, command.now);
  events.annotation(annotation.build, annotation.id, annotation.job, annotation.context,
                    model::BuildEventKind::AnnotationChanged);
  OSTLER_TRY(events.write(annotation.build));
  return annotation;
}

Result<void> remove_annotation(Connection& database, const RemoveAnnotation& command) {
  OSTLER_TRY(const auto id,
             database.find("DELETE FROM annotations WHERE owner_id = ? AND context = ? "
                           "RETURNING id",
                           read_value<AnnotationId>, owner_of(command.place), command.context));
  if (!id) {
    return Error(Errc::NotFound, "no annotation with the context \"" + command.context + "\"");
  }
  EventLog events(database, command.now);
  events.annotation(command.place.build, *id, command.place.job, command.context,
                    model::BuildEventKind::AnnotationRemoved);
  return events.write(command.place.build);
}

Result<Annotation> load_annotation(Connection& database, AnnotationId id) {
  return require(database.find(sql(kSelectAnnotation, "WHERE id = ?"), read_annotation, id),
                 "annotation");
}

Result<Page<Annotation>> list_annotations(Connection& database, const AnnotationFilter& filter,
                                          const PageRequest& page) {
  OSTLER_TRY(const Window window, window_of(page));
  return page_of(database.list(sql(kSelectAnnotation, kOfBuild), read_annotation, filter.build,
                               filter.job, filter.scope, window.limit, window.offset),
                 page);
}

}  // namespace ostler::store::sqlite
