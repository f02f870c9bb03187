// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/build_facts.hpp"

#include "model/variables.hpp"
#include "store/sqlite/queries.hpp"
#include "store/sqlite/rows.hpp"

namespace ostler::store::sqlite {
namespace {

constexpr std::string_view kPipelineLayers =
    "SELECT pipeline_env FROM (SELECT 0 AS number, pipeline_env FROM builds WHERE id = ?1 "
    "UNION ALL SELECT number, env FROM pipeline_uploads WHERE build_id = ?1) ORDER BY number";

}  // namespace

Result<pipeline::BuildFacts> load_build_facts(Connection& database, BuildId build) {
  pipeline::BuildFacts facts;
  OSTLER_TRY(facts.build, load_build(database, build));
  OSTLER_TRY(facts.pipeline, load_pipeline(database, facts.build.pipeline));
  OSTLER_TRY(facts.organization, load_organization(database, facts.pipeline.organization));
  OSTLER_TRY(const auto layers,
             database.list(kPipelineLayers, read_value<model::Variables>, build));
  for (const model::Variables& layer : layers) {
    facts.env = model::overlaid(std::move(facts.env), layer);
  }
  facts.env = model::overlaid(std::move(facts.env), facts.build.request.env);
  return facts;
}

}  // namespace ostler::store::sqlite
