// SPDX-License-Identifier: Apache-2.0
#include "model/branch_head.hpp"
#include "store_suite.hpp"

namespace ostler::store {
namespace {

OSTLER_STORE_SUITE(MetaData);

TEST_P(MetaData, IsSetReadAndListed) {
  const BuildId build = house_.create_build("steps: [{command: a}]").build.id;
  EXPECT_EQ(house_.get(house_.store().meta_data(build, "k")), std::nullopt);
  house_.get(house_.store().set_meta_data({build, {{"k", "v"}, {"a", "line\nline"}}, {}}));
  house_.get(house_.store().set_meta_data({build, {{"k", "w"}}, {}}));
  EXPECT_EQ(house_.get(house_.store().meta_data(build, "k")), "w");
  EXPECT_EQ(house_.get(house_.store().meta_data_keys(build)), (std::vector<std::string>{"a", "k"}));
  EXPECT_EQ(house_.get(house_.store().build(build)).meta_data,
            (model::Variables{{"a", "line\nline"}, {"k", "w"}}));
}

TEST_P(MetaData, IsSetAllOrNone) {
  const BuildId build = house_.create_build("steps: [{command: a}]").build.id;
  for (const auto& bad : {std::pair<std::string, std::string>{" ", "v"},
                          {"k", ""},
                          {"k", std::string(200'000, 'x')}}) {
    EXPECT_EQ(house_.error_of(house_.store().set_meta_data({build, {{"good", "v"}, bad}, {}})),
              Errc::UserFault);
  }
  EXPECT_TRUE(house_.get(house_.store().meta_data_keys(build)).empty());
}

constexpr const char* kToldText =
    "commit 70fa8b46b4588c3a4653a644824e82a6c2e7b558\nabbrev-commit 70fa8b4\n"
    "Author: A <a@b>\n\n    Mend it\n\n    Because.";

TEST_P(MetaData, OfTheCommitTurnsHeadIntoItOnce) {
  const BuildId build = house_.create_build("steps: [{command: a}]").build.id;
  ASSERT_EQ(house_.get(house_.store().build(build)).request.commit, "HEAD");
  for (const char* nonsense : {"v", "commit 70fa8b4", "commit HEAD\n\n    x"}) {
    house_.get(house_.store().set_meta_data({build, {{"buildkite:git:commit", nonsense}}, {}}));
    EXPECT_EQ(house_.get(house_.store().build(build)).request.commit, "HEAD") << nonsense;
  }
  house_.get(house_.store().set_meta_data({build, {{"buildkite:git:commit", kToldText}}, {}}));
  const model::Build told = house_.get(house_.store().build(build));
  EXPECT_EQ(told.request.commit, "70fa8b46b4588c3a4653a644824e82a6c2e7b558");
  EXPECT_EQ(told.request.message, "Mend it\n\nBecause.");
  const std::string other = "commit " + std::string(40, 'a') + "\n\n    Other";
  house_.get(house_.store().set_meta_data({build, {{"buildkite:git:commit", other}}, {}}));
  EXPECT_EQ(house_.get(house_.store().build(build)).request.commit, told.request.commit);
  EXPECT_EQ(house_.get(house_.store().meta_data(build, "buildkite:git:commit")), kToldText);
}

TEST_P(MetaData, OfTheCommitNamesABuildThatNobodyNamed) {
  const std::string id = "70fa8b46b4588c3a4653a644824e82a6c2e7b558";
  const std::string until_told = model::message_until_told({"main", id});
  const auto message_after = [&](const std::string& message, const std::string& text) {
    model::BuildRequest request;
    request.commit = id;
    request.branch = "main";
    request.message = message;
    const BuildId build = house_.create_build("steps: [{command: a}]", request).build.id;
    house_.get(house_.store().set_meta_data({build, {{"buildkite:git:commit", text}}, {}}));
    const model::Build told = house_.get(house_.store().build(build));
    EXPECT_EQ(told.request.commit, id);
    return told.request.message;
  };
  EXPECT_EQ(message_after(until_told, kToldText), "Mend it\n\nBecause.");
  EXPECT_EQ(message_after("", kToldText), "Mend it\n\nBecause.");
  EXPECT_EQ(message_after("Release", kToldText), "Release");
  EXPECT_EQ(message_after(until_told, "commit " + id), until_told);
  const std::string other = "commit " + std::string(40, 'a') + "\n\n    Other";
  EXPECT_EQ(message_after(until_told, other), until_told) << "that is another commit";
}

TEST_P(MetaData, OfABuildThatIsNotThereIsNotFound) {
  const BuildId none = BuildId::make();
  EXPECT_EQ(house_.error_of(house_.store().set_meta_data({none, {{"k", "v"}}, {}})),
            Errc::NotFound);
  EXPECT_EQ(house_.error_of(house_.store().meta_data(none, "k")), Errc::NotFound);
  EXPECT_EQ(house_.error_of(house_.store().meta_data_keys(none)), Errc::NotFound);
}

}  // namespace
}  // namespace ostler::store
