// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/end_of_build.hpp"

#include "store/sqlite/rows.hpp"

namespace ostler::store::sqlite {
namespace {

EndOfBuild read_end(Row& row) {
  EndOfBuild end;
  row.take(end.is_canceled, end.is_removing);
  return end;
}

}  // namespace

Result<EndOfBuild> load_end_of_build(Connection& database, BuildId build) {
  return require(
      database.find("SELECT cancel_requested, removing FROM builds WHERE id = ?", read_end, build),
      "build");
}

Error build_is_going() {
  return Error(Errc::Conflict, "This build is being removed, as it is older than builds are kept");
}

}  // namespace ostler::store::sqlite
