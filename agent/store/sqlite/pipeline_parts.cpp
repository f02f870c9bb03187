// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/pipeline_parts.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/utf8.hpp"
#include "store/sqlite/rows.hpp"

namespace ostler::store::sqlite {
namespace {

/// The index is one of trigrams.
constexpr std::size_t kLeastCharacters = 3;
/// Each further one costs a search, and leaves hardly less to look at.
constexpr std::size_t kMostCharacters = 64;
constexpr std::int64_t kFewPipelines = 1000;
constexpr std::string_view kCountAnswers =
    "SELECT count(*) FROM (SELECT 1 FROM pipeline_parts WHERE pipeline_parts MATCH ? LIMIT ?)";

/// As a phrase of FTS5 in one column; empty when it is too short. What holds the whole part holds
/// its beginning, which is all that is asked for where the part is long or goes on as no text.
std::string phrase_of(std::string_view column, std::string_view part) {
  std::string phrase = std::string(column) + " : \"";
  std::size_t characters = 0;
  while (characters < kMostCharacters) {
    const std::size_t size = first_code_point(part).size;
    if (size == 0) break;
    if (part.front() == '"') phrase += '"';
    phrase += part.substr(0, size);
    part.remove_prefix(size);
    ++characters;
  }
  return characters < kLeastCharacters ? "" : phrase + "\"";
}

}  // namespace

std::string parts_question(const PipelineFilter& filter) {
  const std::string name = phrase_of("name", filter.name);
  const std::string repository = phrase_of("repository", filter.repository);
  return name.empty() || repository.empty() ? name + repository : name + " AND " + repository;
}

Result<bool> has_few_answers(Connection& database, const std::string& question) {
  OSTLER_TRY(const auto count, database.find(kCountAnswers, read_int, question, kFewPipelines));
  return count.value_or(0) < kFewPipelines;
}

}  // namespace ostler::store::sqlite
