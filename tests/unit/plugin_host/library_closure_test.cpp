// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/library_closure.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plugin_host/step_plan.hpp"

namespace ostler::plugin_host {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

BundledLibrary library(const std::string& soname, std::vector<std::string> needed = {}) {
  BundledLibrary one{.name = soname + ".0", .file = {}, .faults = {}};
  one.file.soname = soname;
  one.file.needed = std::move(needed);
  return one;
}

class LibraryClosure : public testing::Test {
 protected:
  LibraryClosure() {
    plugin_.name = "greet.so";
    plugin_.file.exported = {"ostler_plugin_entry"};
  }
  std::vector<std::string> faults() {
    std::vector<std::string> found;
    code_ = close_over(plugin_, others_, found);
    return found;
  }

  BundledLibrary plugin_;
  std::vector<BundledLibrary> others_;
  MappedCode code_;
};

TEST_F(LibraryClosure, IsThePluginAloneWhereEachMachineHasTheRest) {
  plugin_.file.needed = {"libc.so.6", "libstdc++.so.6", "libgcc_s.so.1"};
  plugin_.file.least_glibc = "2.34";
  others_ = {library("libunused.so", {"libnowhere.so"})};
  EXPECT_THAT(faults(), IsEmpty());
  EXPECT_THAT(code_.names, ElementsAre("greet.so"));
  EXPECT_EQ(code_.least_glibc, "2.34");
}

TEST_F(LibraryClosure, HasEachFileBeforeThoseThatItNeeds) {
  plugin_.file.needed = {"libc.so.6", "liba.so", "libb.so"};
  others_ = {library("liba.so"), library("libb.so", {"libc.so.6", "liba.so", "libd.so"}),
             library("libd.so", {"liba.so"})};
  EXPECT_THAT(faults(), IsEmpty());
  EXPECT_THAT(code_.names, ElementsAre("greet.so", "libb.so.0", "libd.so.0", "liba.so.0"));
}

TEST_F(LibraryClosure, NeedsTheNewestGlibcOfAll) {
  plugin_.file.needed = {"liba.so"};
  plugin_.file.least_glibc = "2.9";
  others_ = {library("liba.so"), library("libunused.so")};
  others_[0].file.least_glibc = "2.34";
  others_[1].file.least_glibc = "2.40";
  EXPECT_THAT(faults(), IsEmpty());
  EXPECT_EQ(code_.least_glibc, "2.34");
}

TEST_F(LibraryClosure, LacksWhatNeitherTheMachineNorTheBundleHas) {
  plugin_.file.needed = {"liba.so", "libz.so.1"};
  others_ = {library("liba.so", {"libb.so"})};
  EXPECT_THAT(faults(), ElementsAre(HasSubstr("liba.so.0: needs libb.so, which is neither"),
                                    HasSubstr("greet.so: needs libz.so.1, which is neither")));
}

TEST_F(LibraryClosure, FindsNoLibraryWithoutAName) {
  plugin_.file.needed = {"liba.so"};
  others_ = {library("")};
  others_[0].name = "liba.so";
  EXPECT_THAT(faults(), ElementsAre(AllOf(HasSubstr("greet.so: needs liba.so, which has no "),
                                          HasSubstr("DT_SONAME"))));
}

TEST_F(LibraryClosure, RefusesLibrariesThatNeedEachOther) {
  plugin_.file.needed = {"liba.so"};
  others_ = {library("liba.so", {"libb.so"}), library("libb.so", {"libd.so"}),
             library("libd.so", {"liba.so"})};
  EXPECT_THAT(faults(), ElementsAre(HasSubstr("libd.so.0: needs liba.so, which needs it in turn")));
  others_ = {library("liba.so", {"liba.so"})};
  EXPECT_THAT(faults(), ElementsAre(HasSubstr("liba.so.0: needs liba.so, which needs it in turn")));
}

TEST_F(LibraryClosure, HasSoManyLibrariesAndNoMore) {
  plugin_.file.needed = {"lib0.so"};
  for (std::size_t i = 0; i < kMostLibraries; ++i) {
    others_.push_back(
        library("lib" + std::to_string(i) + ".so", {"lib" + std::to_string(i + 1) + ".so"}));
  }
  others_.back().file.needed.clear();
  EXPECT_THAT(faults(), IsEmpty());
  EXPECT_EQ(code_.names.size(), 1 + kMostLibraries);
  others_.push_back(library("one-more.so"));
  plugin_.file.needed.emplace_back("one-more.so");
  EXPECT_THAT(faults(), ElementsAre(HasSubstr("greet.so: needs more than 16 libraries")));
}

TEST_F(LibraryClosure, JudgesEachLibraryThatIsMapped) {
  plugin_.file.needed = {"liba.so", "libb.so"};
  others_ = {library("liba.so"), library("libb.so"), library("libunused.so")};
  others_[0].file.exported = {"a", "b"};
  others_[0].file.search_path = "/opt/lib";
  others_[1] = {.name = "libb.so", .file = {}, .faults = {"compiled for another kind of machine"}};
  others_[2].file.search_path = "/opt/lib";
  EXPECT_THAT(faults(), ElementsAre(HasSubstr("liba.so.0: looks for libraries in /opt/lib"),
                                    HasSubstr("libb.so: compiled for another kind of machine")));
}

TEST_F(LibraryClosure, CountsMemoryThatIsWantedAtOnceTogether) {
  plugin_.file.needed = {"liba.so"};
  plugin_.file.static_tls = 600;
  others_ = {library("liba.so")};
  others_[0].file.static_tls = 424;
  EXPECT_THAT(faults(), IsEmpty());
  others_[0].file.static_tls = 500;
  EXPECT_THAT(faults(), ElementsAre(HasSubstr("greet.so: and its libraries want 1100 bytes")));
}

}  // namespace
}  // namespace ostler::plugin_host
