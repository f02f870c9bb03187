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
  static BoxVerdict judged(const StepResources& resources, Outcome outcome,
                           const files::ShouldStop& stop = {}) {
    BoxVerdict verdict;
    verdict.end = BoxEnd::Finished;
    verdict.result.outcome = outcome;
    verdict.result.exit_status = outcome == Outcome::Failed ? 7 : 0;
    resources.judge(verdict, stop);
    return verdict;
  }
  static std::string reason_of(const StepResources& resources) {
    return judged(resources, Outcome::Passed).result.reason;
  }
  /// A plugin with one that is large.
  Resource make_large() const {
    EXPECT_EQ(::ftruncate(packed_.get(), kLarge), 0);
    return {"large.bin", kLarge};
  }

  static constexpr std::uint64_t kLarge = 8 << 20;
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

TEST_F(StepResourcesTest, AreUnpackedUntilTheyAreNotWantedAnyMore) {
  int asked = 0;
  const auto left = StepResources::unpack(parent_.path(), {make_large()}, packed_.get(),
                                          [&asked] { return ++asked == 3; });
  ASSERT_FALSE(left);
  EXPECT_EQ(left.error().code(), Errc::Cancelled);
  EXPECT_EQ(asked, 3);
  EXPECT_TRUE(fs::is_empty(parent_.path())) << "nothing of them is left";
}

TEST_F(StepResourcesTest, AreNotReadToTheEndOnceThatIsOfNoUse) {
  const auto unpacked =
      StepResources::unpack(parent_.path(), {make_large()}, packed_.get()).value();
  int asked = 0;
  const BoxVerdict unknown = judged(unpacked, Outcome::Passed, [&asked] { return ++asked == 3; });
  EXPECT_EQ(asked, 3);
  EXPECT_EQ(unknown.result.outcome, Outcome::Cancelled) << "nobody knows whether it passed";
  EXPECT_NE(unknown.result.exit_status, 0);
  const BoxVerdict skipped = judged(unpacked, Outcome::Skipped, [] { return true; });
  EXPECT_EQ(skipped.result.outcome, Outcome::Cancelled);
  const BoxVerdict failed = judged(unpacked, Outcome::Failed, [] { return true; });
  EXPECT_EQ(failed.result.outcome, Outcome::Failed) << "it has failed in any case";
  EXPECT_EQ(failed.result.exit_status, 7);
  EXPECT_EQ(judged(unpacked, Outcome::Passed).result.outcome, Outcome::Passed);
}

}  // namespace
}  // namespace ostler::plugin_host
