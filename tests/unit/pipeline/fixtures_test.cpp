// SPDX-License-Identifier: Apache-2.0
// Pipelines that use every form of the language. Source: reference/pipeline-yaml.md 25.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "files/file.hpp"
#include "pipeline/parse.hpp"
#include "pipeline/plan.hpp"
#include "pipeline/plan_upload.hpp"
#include "pipeline/print.hpp"
#include "pipeline/read_upload.hpp"

namespace ostler::pipeline {
namespace {

struct Fixture {
  std::string name;
  std::size_t top_level_steps = 0;
  std::size_t jobs = 0;  ///< waits counted
};

void PrintTo(const Fixture& fixture, std::ostream* out) { *out << fixture.name; }

class Fixtures : public testing::TestWithParam<Fixture> {
 protected:
  static std::string text() {
    const char* source = std::getenv("OSTLER_SOURCE_DIR");
    const std::string root = source == nullptr ? "." : source;
    return files::read_file(root + "/tests/data/pipeline/" + GetParam().name).value();
  }
  static model::PipelineDefinition definition() {
    auto read = parse(text(), {}, GetParam().name);
    EXPECT_TRUE(read) << read.error().message();
    return read ? std::move(read).value() : model::PipelineDefinition{};
  }
};

TEST_P(Fixtures, ArePlanned) {
  const auto planned = plan(definition(), GetParam().name);
  ASSERT_TRUE(planned) << planned.error().message();
  EXPECT_EQ(count_jobs(planned.value()), GetParam().jobs);
}

TEST_P(Fixtures, MeanTheSameWhenTheyArePrinted) {
  const std::string printed = print(definition());
  const auto again = parse(printed, {});
  ASSERT_TRUE(again) << again.error().message();
  EXPECT_EQ(print(again.value()), printed);
}

TEST_P(Fixtures, MeanTheSameWhenTheyAreUploaded) {
  const auto documents = read_upload(text(), GetParam().name, {});
  ASSERT_TRUE(documents) << documents.error().message();
  ASSERT_EQ(documents.value().size(), 1u);
  const std::string& json = documents.value()[0].json;
  EXPECT_EQ(nlohmann::json::parse(json)["steps"].size(), GetParam().top_level_steps);
  const auto uploaded = parse_upload(json);
  ASSERT_TRUE(uploaded) << uploaded.error().message();
  EXPECT_EQ(print(uploaded.value()), print(definition()));
  const auto planned = plan_upload(uploaded.value(), {});
  EXPECT_TRUE(planned) << planned.error().message();
}

TEST(FixtureKeys, AreAsLongAndAsPlainAsTheSchemaHasThem) {
  const auto is_key = [](const std::string& key) {
    return parse("[{command: a, key: \"" + key + "\"}]", {}).has_value();
  };
  EXPECT_TRUE(is_key(std::string(100, 'k')));
  EXPECT_FALSE(is_key(std::string(101, 'k')));
  EXPECT_FALSE(is_key("two words"));
  EXPECT_TRUE(is_key("${VAR:-x}_y"));
}

INSTANTIATE_TEST_SUITE_P(
    Pipeline, Fixtures,
    testing::Values(Fixture{"block.yml", 24, 25}, Fixture{"command.yml", 55, 96},
                    Fixture{"env.yml", 0, 0}, Fixture{"extra-properties.yml", 1, 1},
                    Fixture{"group.yml", 12, 17}, Fixture{"if-changed.yml", 9, 9},
                    Fixture{"input.yml", 22, 23}, Fixture{"matrix.yml", 6, 18},
                    Fixture{"notify.yml", 1, 1}, Fixture{"secrets.yml", 2, 2},
                    Fixture{"trigger.yml", 26, 27}, Fixture{"wait.yml", 18, 18}),
    [](const auto& instance) {
      std::string name = instance.param.name.substr(0, instance.param.name.find('.'));
      std::erase(name, '-');
      return name;
    });

}  // namespace
}  // namespace ostler::pipeline
