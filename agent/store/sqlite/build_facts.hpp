// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "base/uuid.hpp"
#include "pipeline/build_facts.hpp"
#include "store/sqlite/connection.hpp"

namespace ostler::store::sqlite {

/// What is known of the build, with the environment that came with pipeline uploads so far.
Result<pipeline::BuildFacts> load_build_facts(Connection& database, BuildId build);

}  // namespace ostler::store::sqlite
