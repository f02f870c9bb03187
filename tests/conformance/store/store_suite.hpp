// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "support/store_house.hpp"
#include "support/temp_directory.hpp"

namespace ostler::store {

/// What a kind of store must be able to do to be a store; run for every kind.
struct StoreKind {
  std::string name;
  support::OpenStore open;
};
inline std::string name_of(const testing::TestParamInfo<StoreKind>& info) {
  return info.param.name;
}
inline std::vector<StoreKind> store_kinds() { return {{"Sqlite", support::sqlite_store()}}; }

class StoreSuite : public testing::TestWithParam<StoreKind> {
 protected:
  support::TempDirectory directory_;
  support::StoreHouse house_{directory_.path(), GetParam().open};
};

}  // namespace ostler::store

#define OSTLER_STORE_SUITE(Name)     \
  class Name : public StoreSuite {}; \
  INSTANTIATE_TEST_SUITE_P(Store, Name, testing::ValuesIn(store_kinds()), name_of)
