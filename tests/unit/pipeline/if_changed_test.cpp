// SPDX-License-Identifier: Apache-2.0
// Source: reference/job-lifecycle.md 9.7.
#include "pipeline/if_changed.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostler::pipeline {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kSkip =
    R"("skip":"if_changed matched no unexcluded changed files in this build")";

UploadDocument document_of(std::string_view yaml) {
  const auto read = read_upload(yaml, "p.yml", {});
  EXPECT_TRUE(read) << read.error().message();
  return read ? read.value().at(0) : UploadDocument{};
}

std::string applied(std::string_view yaml, const ChangeTest& test) {
  UploadDocument document = document_of(yaml);
  apply_if_changed(document, test);
  return document.json;
}

Result<bool> nothing_changed(const ChangedFileGlobs&) { return false; }
Result<bool> all_changed(const ChangedFileGlobs&) { return true; }

TEST(IfChanged, SkipsCommandsTriggersAndGroupsThatNothingChangedFor) {
  EXPECT_EQ(applied(R"([{command: a, if_changed: x}, {trigger: t, if_changed: x},
                        {group: g, if_changed: x, steps: [{plugins: [p], if_changed: y}]}])",
                    nothing_changed),
            std::string(R"({"steps":[{"command":"a",)") + kSkip + R"(},{"trigger":"t",)" + kSkip +
                R"(},{"group":"g","steps":[{"plugins":[{"github.com/buildkite-plugins/)"
                R"(p-buildkite-plugin":null}],)" +
                kSkip + "}]," + kSkip + "}]}");
}

TEST(IfChanged, OnlyLeavesWhereSomethingChanged) {
  EXPECT_EQ(applied("[{command: a, if_changed: x, skip: why}]", all_changed),
            R"({"steps":[{"command":"a","skip":"why"}]})");
}

TEST(IfChanged, SaysItselfOverAnotherReasonToSkip) {
  EXPECT_EQ(applied("[{command: a, skip: false, if_changed: x}]", nothing_changed),
            std::string(R"({"steps":[{"command":"a",)") + kSkip + "}]}");
}

TEST(IfChanged, StaysWhereTheLanguageHasNone) {
  EXPECT_THAT(applied("[{wait: ~, if_changed: x}]", nothing_changed),
              HasSubstr(R"("if_changed":"x")"));
}

TEST(IfChanged, LeavesNumbersOfPluginsAsTheyAre) {
  EXPECT_EQ(applied("[{plugins: [./p: {a: 1.10}], if_changed: x}]", all_changed),
            R"({"steps":[{"plugins":[{"./p":{"a":1.10}}]}]})");
}

TEST(IfChanged, HasThreeForms) {
  std::vector<ChangedFileGlobs> asked;
  applied(R"([{command: a, if_changed: "**.go"}, {command: a, if_changed: [a, b]},
              {command: a, if_changed: {include: a, exclude: [b, c]}},
              {command: a, if_changed: {include: a, exclude: ~}}])",
          [&asked](const ChangedFileGlobs& globs) -> Result<bool> {
            asked.push_back(globs);
            return true;
          });
  ASSERT_EQ(asked.size(), 4u);
  EXPECT_THAT(asked[0].include, ElementsAre("**.go"));
  EXPECT_THAT(asked[1].include, ElementsAre("a", "b"));
  EXPECT_THAT(asked[2].include, ElementsAre("a"));
  EXPECT_THAT(asked[2].exclude, ElementsAre("b", "c"));
  EXPECT_THAT(asked[3].include, ElementsAre("a"));
  EXPECT_THAT(asked[3].exclude, IsEmpty());
}

TEST(IfChanged, RunsWhatCannotBeUnderstoodAndSaysSo) {
  for (const char* value :
       {"5", "{exclude: a}", "[[a]]", "{include: 3}", "{include: a, exclude: 1}"}) {
    UploadDocument document = document_of("[{command: a, if_changed: " + std::string(value) + "}]");
    EXPECT_THAT(apply_if_changed(document, nothing_changed),
                ElementsAre(HasSubstr("; the step runs")))
        << value;
    EXPECT_EQ(document.json, R"({"steps":[{"command":"a"}]})") << value;
  }
}

TEST(IfChanged, RunsWhatCannotBeTested) {
  UploadDocument document = document_of("[{command: a, if_changed: '['}]");
  EXPECT_THAT(apply_if_changed(document,
                               [](const ChangedFileGlobs&) -> Result<bool> {
                                 return Error(Errc::UserFault, "no glob");
                               }),
              ElementsAre("if_changed \"[\": no glob; the step runs"));
  EXPECT_EQ(document.json, R"({"steps":[{"command":"a"}]})");
}

TEST(IfChanged, IsDroppedWithoutATest) {
  UploadDocument document = document_of("[{command: a, if_changed: {wrong: x}}]");
  EXPECT_THAT(apply_if_changed(document, {}), IsEmpty());
  EXPECT_EQ(document.json, R"({"steps":[{"command":"a"}]})");
  EXPECT_THAT(document.warnings, IsEmpty());
}

}  // namespace
}  // namespace ostler::pipeline
