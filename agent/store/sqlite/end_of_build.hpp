// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/sqlite/connection.hpp"

namespace ostler::store::sqlite {

/// What keeps a build's jobs as they are.
struct EndOfBuild {
  bool is_canceled = false;  ///< or is being canceled
  bool is_removing = false;  ///< slice by slice
};

/// Errors: NotFound.
Result<EndOfBuild> load_end_of_build(Connection& database, BuildId build);

/// What to say to who would change a build that is being removed.
Error build_is_going();

}  // namespace ostler::store::sqlite
