// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "base/uuid.hpp"
#include "model/pipeline_definition.hpp"
#include "store/sqlite/connection.hpp"

namespace ostler::store::sqlite {

/// Sets meta-data of a build. Errors: UserFault when a key or value is blank or too long.
/// What a person said; it may be nothing. Errors: UserFault when it is too long.
Result<void> insert_answers(Connection& database, BuildId build, const model::Variables& answers);
Result<void> insert_meta_data(Connection& database, BuildId build, const model::Variables& items);

/// Sorted by key.
Result<model::Variables> load_all_meta_data(Connection& database, BuildId build);

}  // namespace ostler::store::sqlite
