// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/step_resources.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "files/file.hpp"
#include "plugin_host/sealed_copy.hpp"
#include "support/temp_directory.hpp"

namespace ostler::plugin_host {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class StepResourcesTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(files::write_all(packed_.get(), "goodmore")); }

  static Resource resource(const std::string& name, const std::string& text) {
    return {name, text.size()};
  }
  /// As who runs as the same user can: file modes do not keep it out.
  static void overwrite(const fs::path& path, const std::string& text) {
    fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
    std::ofstream(path) << text;
  }
  static std::string reason_of(const StepResources& resources) {
    BoxVerdict verdict;
    verdict.end = BoxEnd::Finished;
    resources.judge(verdict);
    return verdict.result.reason;
  }

  const Resource first_ = resource("a.txt", "good");
  const Resource second_ = resource("b.bin", "more");
  const support::TempDirectory parent_;
  const UniqueFd packed_ = memory_file().value();
};

TEST_F(StepResourcesTest, AreThoseThatWereHandedOver) {
  const auto unpacked =
      StepResources::unpack(parent_.path(), {first_, second_}, packed_.get()).value();
  EXPECT_EQ(files::read_file(unpacked.path() + "/a.txt").value(), "good");
  EXPECT_EQ(files::read_file(unpacked.path() + "/b.bin").value(), "more");
  EXPECT_EQ(reason_of(unpacked), "");
}

TEST_F(StepResourcesTest, AreRefusedWhenOneIsChangedWhileTheNextIsWritten) {
  StepResources unpacked = StepResources::begin(parent_.path(), packed_.get()).value();
  ASSERT_TRUE(unpacked.add(first_, 0));
  overwrite(unpacked.path() + "/a.txt", "EVIL!");
  ASSERT_TRUE(unpacked.add(second_, 4));
  EXPECT_THAT(unpacked.close().error().message(), HasSubstr("a.txt was changed"));
  EXPECT_EQ(reason_of(unpacked), "resource_changed");
}

TEST_F(StepResourcesTest, AreRefusedWhenAnotherFileHasTheName) {
  StepResources unpacked = StepResources::begin(parent_.path(), packed_.get()).value();
  ASSERT_TRUE(unpacked.add(first_, 0));
  fs::rename(unpacked.path() + "/a.txt", unpacked.path() + "/kept");
  std::ofstream(unpacked.path() + "/a.txt") << "EVIL";
  EXPECT_THAT(unpacked.close().error().message(), HasSubstr("a.txt was changed"));
}

/// As when times are too coarse to tell: what was written is not what was handed over.
TEST_F(StepResourcesTest, FailARunByTheirBytesWhereNoTimeTells) {
  StepResources unpacked = StepResources::begin(parent_.path(), packed_.get()).value();
  ASSERT_TRUE(unpacked.add(first_, 0));
  ASSERT_TRUE(unpacked.close());
  ASSERT_EQ(::pwrite(packed_.get(), "e", 1, 3), 1);
  EXPECT_EQ(reason_of(unpacked), "resource_changed");
}

}  // namespace
}  // namespace ostler::plugin_host
