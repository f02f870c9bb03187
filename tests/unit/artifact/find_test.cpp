// SPDX-License-Identifier: Apache-2.0
#include "artifact/find.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "support/temp_directory.hpp"

namespace ostler::artifact {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class FindFilesTest : public testing::Test {
 protected:
  FindFilesTest() {
    for (const char* name : {"a.txt", "b.txt", "log/one.log", "log/deep/two.log", ".hidden.txt",
                             "semi;colon.txt", "star*.txt"}) {
      write(name);
    }
  }

  void write(const fs::path& name) const {
    fs::create_directories((root_ / name).parent_path());
    std::ofstream(root_ / name) << name.string();
  }

  std::vector<std::string> find(std::string_view list, const FindOptions& options = {}) {
    told_.clear();
    const auto found = find_files(list, options, root_.path(),
                                  [this](const std::string& text) { told_.push_back(text); });
    std::vector<std::string> paths;
    if (!found) return {"error: " + found.error().message()};
    for (const FoundFile& file : found.value()) paths.push_back(file.path);
    return paths;
  }

  support::TempDirectory root_;
  std::vector<std::string> told_;
};

TEST_F(FindFilesTest, ListsMatchesSortedAndEachOnce) {
  EXPECT_THAT(find("b.txt;[ab].txt ; log/**/*.log;"),
              ElementsAre("b.txt", "a.txt", "log/deep/two.log", "log/one.log"));
}

TEST_F(FindFilesTest, TakesLeadingDotsLikeAnyOtherCharacter) {
  EXPECT_THAT(find("*.txt"), Contains(".hidden.txt"));
}

TEST_F(FindFilesTest, SplitsByTheGivenDelimiter) {
  EXPECT_THAT(find("a.txt, b.txt", {.delimiter = ","}), ElementsAre("a.txt", "b.txt"));
  EXPECT_THAT(find("a.txt::b.txt", {.delimiter = "::"}), ElementsAre("a.txt", "b.txt"));
  EXPECT_THAT(find("semi;colon.txt", {.delimiter = ""}), ElementsAre("semi;colon.txt"));
}

TEST_F(FindFilesTest, TakesNamesAsTheyAreWhenLiteral) {
  EXPECT_THAT(find("star*.txt", {.literal = true}), ElementsAre("star*.txt"));
  EXPECT_THAT(find("a.txt;nope", {.literal = true}), ElementsAre(HasSubstr("nope does not exist")));
}

TEST_F(FindFilesTest, PassesOverWhatIsNotThere) {
  EXPECT_THAT(find("nope;no/such/*.txt;a.txt"), ElementsAre("a.txt"));
  EXPECT_THAT(find(""), IsEmpty());
}

TEST_F(FindFilesTest, LeavesOutDirectoriesAndSaysSo) {
  EXPECT_THAT(find("log*"), IsEmpty());
  EXPECT_THAT(told_, Contains(HasSubstr("Skipping directory log")));
  EXPECT_THAT(find("log/*"), ElementsAre("log/one.log"));
}

TEST_F(FindFilesTest, ShowsAbsolutePatternsFromTheRoot) {
  const std::string root = root_.path().string();
  EXPECT_THAT(find(root + "/log/o*"), ElementsAre(root.substr(1) + "/log/one.log"));
}

TEST_F(FindFilesTest, ShowsPathsAboveTheWorkingDirectory) {
  write("sub/x");
  const auto found = find_files("../a.*", {}, root_ / "sub", [](const std::string&) {});
  ASSERT_TRUE(found);
  ASSERT_EQ(found.value().size(), 1u);
  EXPECT_EQ(found.value()[0].path, "../a.txt");
  EXPECT_EQ(found.value()[0].absolute_path, root_ / "a.txt");
}

TEST_F(FindFilesTest, UploadsLinkedFilesUnlessToldNotTo) {
  fs::create_symlink("a.txt", root_ / "link.txt");
  EXPECT_THAT(find("link.*"), ElementsAre("link.txt"));
  EXPECT_THAT(find("link.*", {.skip_file_links = true}), IsEmpty());
}

TEST_F(FindFilesTest, EntersLinkedDirectoriesOnlyWhenToldTo) {
  fs::create_directory_symlink("log", root_ / "linked");
  EXPECT_THAT(find("linke*/*.log"), IsEmpty());
  EXPECT_THAT(find("linke*/*.log", {.follow_directory_links = true}),
              ElementsAre("linked/one.log"));
}

TEST_F(FindFilesTest, EndsOnLinksThatLeadBack) {
  fs::create_directory_symlink("..", root_ / "log/up");
  EXPECT_THAT(find("**/one.log", {.follow_directory_links = true}), ElementsAre("log/one.log"));
}

TEST_F(FindFilesTest, RefusesABrokenGlob) {
  EXPECT_THAT(find("a.txt;[b"), ElementsAre(HasSubstr("has a [ without a ]")));
}

TEST(SplitPaths, TrimsAndDropsEmptyPieces) {
  EXPECT_THAT(split_paths(" a ;; b\n;", ";"), ElementsAre("a", "b"));
}

}  // namespace
}  // namespace ostler::artifact
