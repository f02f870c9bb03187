// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/function_name.hpp"

#include <gtest/gtest.h>

namespace ostler::plugin_host {
namespace {

TEST(FunctionName, IsAsAPersonReadsIt) {
  EXPECT_EQ(function_name("_ZN6deploy8Uploader4sendERKNSt7__cxx1112basic_stringIcSt11char_traitsIcE"
                          "SaIcEEESt6vectorIS6_SaIS6_EE")
                .substr(0, 23),
            "deploy::Uploader::send(");
  EXPECT_EQ(function_name("_ZL3runRKN6ostler8ServicesE"), "run(ostler::Services const&)");
  EXPECT_EQ(function_name("_ZN12_GLOBAL__N_17explodeEi"), "(anonymous namespace)::explode(int)");
}

TEST(FunctionName, StaysAsItIsWhereItIsNoNameOfCxx) {
  for (const char* name : {"deploy_run", "_RNvC3foo3bar", "_Z", "_ZN6deploy", "", "std::abort()"}) {
    EXPECT_EQ(function_name(name), name);
  }
}

TEST(FunctionName, IsPrintableAndShort) {
  EXPECT_EQ(function_name("a\x1b[31mb\nc\xff"), "a[31mbc");
  EXPECT_EQ(function_name(std::string(5000, 'a')), std::string(200, 'a') + "...");
}

/// f(b<int, int>, b<b<int, int>, b<int, int>>, ...): with each parameter the name doubles, so that
/// this one had some terabytes.
TEST(FunctionName, DoesNotGrowWithoutBound) {
  constexpr std::string_view kDigits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  std::string name = "_Z1f1bIiiE";
  for (std::size_t i = 0; i < 36; ++i) {
    const std::string before = "S" + std::string(1, kDigits[i]) + "_";
    name += "S_I" + before + before + "E";
  }
  EXPECT_EQ(function_name(name), name.substr(0, 200) + "...");
}

}  // namespace
}  // namespace ostler::plugin_host
