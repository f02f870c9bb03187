// SPDX-License-Identifier: Apache-2.0
// Pipelines by a part of their name or repository: the index against a look at each.
#include "store/sqlite/pipeline_parts.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "store/sqlite/database_file.hpp"
#include "store/sqlite/queries.hpp"
#include "store/sqlite/rows.hpp"
#include "support/store_house.hpp"
#include "support/temp_directory.hpp"

namespace ostler::store {
namespace {

using sqlite::Access;
using sqlite::Connection;
using FoundNames = std::vector<std::string>;

std::string ascii_lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

std::string with_swapped_case(std::string text) {
  for (char& c : text) {
    const bool is_upper = c >= 'A' && c <= 'Z';
    const bool is_lower = c >= 'a' && c <= 'z';
    if (is_upper || is_lower) c = static_cast<char>(c ^ 0x20);
  }
  return text;
}

class PipelineParts : public testing::Test {
 protected:
  Connection open(Access access = Access::ReadOnly) const {
    return Connection::open(directory_.path() / "ostler.db", access).value();
  }
  model::Pipeline make(const std::string& name, const std::string& repository) {
    house_.pass(std::chrono::seconds(1));
    CreatePipeline command{house_.agent_token().organization, house_.agent_token().cluster, {}};
    command.settings.name = name;
    command.settings.slug = "p" + std::to_string(++made_);
    command.settings.repository = repository;
    command.now = house_.now();
    return house_.get(house_.store().create_pipeline(command));
  }
  FoundNames list(Connection& database, const std::string& name, const std::string& repository = "",
                  const PageRequest& page = {1, 100}) {
    const PipelineFilter filter{house_.agent_token().organization, name, repository};
    FoundNames names;
    const auto found = sqlite::list_pipelines(database, filter, page).value();
    for (const auto& pipeline : found.items) names.push_back(pipeline.settings.name);
    return names;
  }
  static std::int64_t number(Connection& database, std::string_view sql) {
    return database.find(sql, sqlite::read_int).value().value();
  }
  static bool has_asked_index(const Connection& database) {
    const auto texts = database.prepared_texts();
    return std::ranges::any_of(texts, [](const auto& sql) { return sql.starts_with("WITH few"); });
  }

  support::TempDirectory directory_;
  support::StoreHouse house_{directory_.path()};
  int made_ = 0;
};

TEST_F(PipelineParts, FindWhatALookAtEachPipelineFinds) {
  const FoundNames made = {"Hello",
                           "say \"hello\"",
                           "a\"\"b AND c",
                           "name : x*",
                           "NEAR(hel lo)",
                           "\xC3\x89t\xC3\xA9 \xC3\xA0 la mer",
                           "\xC3\xA9t\xC3\xA9",
                           "{name} - ^he",
                           "it's 100%_",
                           "HELLOHELLO",
                           "\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E\xE3\x81\xAE"};
  for (std::size_t i = 1; i < made.size(); ++i) make(made[i], "git@host:" + made[i] + ".git");
  auto database = open();
  for (const std::string& name : made) {
    for (std::size_t begin = 0; begin < name.size(); ++begin) {
      for (const std::size_t size : {1u, 2u, 3u, 4u, 5u, 9u, 20u}) {
        const std::string part = with_swapped_case(name.substr(begin, size));
        // The beginning of a character is none.
        if ((static_cast<unsigned char>(name[begin]) & 0xC0) == 0x80) continue;
        FoundNames expected;
        for (const auto& other : made) {
          if (ascii_lower(other).find(ascii_lower(part)) != other.npos) expected.push_back(other);
        }
        std::ranges::reverse(expected);
        EXPECT_EQ(list(database, part), expected) << part;
        std::erase(expected, "Hello");
        EXPECT_EQ(list(database, part, "git@HOST"), expected) << part;
      }
    }
  }
  EXPECT_TRUE(has_asked_index(database));
}

TEST_F(PipelineParts, OfAnyLengthAndOfBytesThatAreNoText) {
  const std::string longest = std::string(70, 'x') + "y";
  make(longest, "");
  auto database = open();
  EXPECT_EQ(list(database, longest), FoundNames{longest});
  EXPECT_EQ(list(database, std::string(69, 'x') + "yy"), FoundNames{});
  EXPECT_EQ(list(database, "hello\xFF"), FoundNames{});
  EXPECT_EQ(list(database, std::string("hel\0\"", 5)), FoundNames{});
  EXPECT_EQ(list(database, "\xFFhello"), FoundNames{});
  EXPECT_EQ(sqlite::parts_question({{}, "ab", "\xC3\xA9\xC3\xA9"}), "") << "no three characters";
  EXPECT_EQ(sqlite::parts_question({{}, "a\"b", "ab"}), "name : \"a\"\"b\"");
  EXPECT_EQ(sqlite::parts_question({{}, "abc", "def"}), "name : \"abc\" AND repository : \"def\"");
  EXPECT_LT(sqlite::parts_question({{}, std::string(100'000, 'x'), ""}).size(), 100u);
}

TEST_F(PipelineParts, FollowEveryChange) {
  auto pipeline = make("before", "git@host:old");
  const auto gone = make("removed", "git@host:removed");
  pipeline.settings.name = "after";
  pipeline.settings.repository = "git@host:new";
  house_.get(house_.store().update_pipeline(
      {pipeline.id, pipeline.cluster, pipeline.settings, false, {}, house_.now()}));
  house_.get(house_.store().delete_pipeline(gone.id));
  auto database = open();
  EXPECT_EQ(list(database, "fte"), FoundNames{"after"});
  EXPECT_EQ(list(database, "", "t:new"), FoundNames{"after"});
  EXPECT_EQ(list(database, "", "host"), FoundNames{"after"});
  for (const char* word : {"before", "removed", "\"t:old\""}) {
    SCOPED_TRACE(word);
    const auto left = database.find(
        "SELECT count(*) FROM pipeline_parts WHERE pipeline_parts MATCH ?", sqlite::read_int, word);
    EXPECT_EQ(left.value(), 0) << "the index grows with what is gone";
  }
  EXPECT_EQ(number(database, "SELECT count(*) FROM pipeline_numbers"), 2);
}

TEST_F(PipelineParts, OutliveAVacuumAndACopy) {
  for (int i = 0; i < 5; ++i)
    make("pipeline " + std::to_string(i), "git@host:" + std::to_string(i));
  house_.store().close();
  {
    auto database = open(Access::ReadWrite);
    ASSERT_TRUE(database.run_script("DELETE FROM pipelines WHERE name = 'pipeline 1'; VACUUM"));
  }
  const auto copy = directory_ / "copy";
  ASSERT_TRUE(
      DatabaseFile::open(directory_ / "ostler.db").value().copy_to(copy, [](auto, auto) {}));
  EXPECT_EQ(DatabaseFile::open(copy).value().faults().value(), FoundNames{});
  ASSERT_TRUE(DatabaseFile::open_for_restore(copy));
  auto database = Connection::open(copy, Access::ReadWrite).value();
  EXPECT_TRUE(database.run_script(
      "INSERT INTO pipeline_parts (pipeline_parts) VALUES ('integrity-check')"));
  for (const std::string name : {"pipeline 0", "pipeline 2", "pipeline 4"}) {
    EXPECT_EQ(list(database, name), FoundNames{name});
  }
  EXPECT_EQ(list(database, "pipeline 1"), FoundNames{});
}

TEST_F(PipelineParts, OfVeryManyPipelinesAreListedPageByPageInTheSameOrder) {
  house_.store().close();
  auto database = open(Access::ReadWrite);
  ASSERT_TRUE(database.run_script(
      "CREATE TEMP TABLE one AS SELECT * FROM pipelines; BEGIN"));  // one wait for the disk
  for (int i = 1; i <= 1100; ++i) {
    const std::string n = std::to_string(i);
    ASSERT_TRUE(database.run_script(
        "UPDATE one SET id = randomblob(16), name = 'many " + n + "', slug = 's" + n +
        "', created_at = created_at + 1; INSERT INTO pipelines SELECT * FROM one"));
  }
  ASSERT_TRUE(database.run_script("COMMIT"));
  EXPECT_EQ(list(database, "MANY", "", {1, 2}), (FoundNames{"many 1100", "many 1099"}));
  EXPECT_EQ(list(database, "many", "", {11, 100}).size(), 100u);
  EXPECT_EQ(list(database, "many", "", {12, 100}), FoundNames{});
  EXPECT_FALSE(has_asked_index(database)) << "all of them are sorted for two";
  EXPECT_EQ(list(database, "many 10", "", {1, 2}), (FoundNames{"many 1099", "many 1098"}));
  EXPECT_EQ(list(database, "many 10", "", {2, 100}).size(), 11u);
  EXPECT_EQ(list(database, "many 10", "", {22, 5}),
            (FoundNames{"many 104", "many 103", "many 102", "many 101", "many 100"}));
  EXPECT_EQ(list(database, "many 10", "", {23, 5}), FoundNames{"many 10"});
  EXPECT_TRUE(has_asked_index(database));
}

}  // namespace
}  // namespace ostler::store
