// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/build_filter.hpp"
#include "store/sqlite/meta_data.hpp"
#include "store/sqlite/paging.hpp"
#include "store/sqlite/queries.hpp"
#include "store/sqlite/rows.hpp"
#include "store/sqlite/shown_builds.hpp"

namespace ostler::store::sqlite {
namespace {

Result<model::Build> with_meta_data(Connection& database, Result<model::Build> found) {
  if (!found) return found;
  model::Build build = std::move(found.value());
  OSTLER_TRY(build.meta_data, load_all_meta_data(database, build.id));
  return build;
}

}  // namespace

Result<model::Build> load_build(Connection& database, BuildId id) {
  return with_meta_data(
      database,
      require(database.find(sql(kSelectBuild, "WHERE b.id = ?"), read_build, id), "build"));
}

Result<model::Build> load_build_by_number(Connection& database, PipelineId pipeline,
                                          std::int64_t number) {
  return with_meta_data(
      database, require(database.find(sql(kSelectBuild, "WHERE b.pipeline_id = ? AND b.number = ?"),
                                      read_build, pipeline, number),
                        "build"));
}

Result<Page<model::Build>> list_builds(Connection& database, const BuildFilter& filter,
                                       const PageRequest& page) {
  OSTLER_TRY(const auto window, window_of(page));
  OSTLER_TRY(const auto ids, filter.include_paused ? find_builds(database, filter, window)
                                                   : find_shown_builds(database, filter, window));
  std::vector<model::Build> builds;
  for (const BuildId id : ids) {
    OSTLER_TRY(auto build, load_build(database, id));
    builds.push_back(std::move(build));
  }
  return page_of(Result<std::vector<model::Build>>(std::move(builds)), page);
}

}  // namespace ostler::store::sqlite
