// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.hpp"
#include "store/builds.hpp"
#include "store/sqlite/connection.hpp"

namespace ostler::store::sqlite {

/// What the index `pipeline_parts` is asked for the pipelines among which are those that a filter
/// means. Empty: it cannot tell, since it knows nothing shorter than three characters.
std::string parts_question(const PipelineFilter& filter);

/// Whether so few pipelines answer a question that each can be looked at; else the list, which is
/// full of them, is walked sooner than all of them are sorted.
Result<bool> has_few_answers(Connection& database, const std::string& question);

}  // namespace ostler::store::sqlite
