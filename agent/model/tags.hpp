// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace ostler::model {

/// Sorted, unique terms, made so that an agent fits a job when it has every term of the job:
/// "os=linux" for a tag with that value, "os=" for a tag of that name whatever its value.
using Terms = std::vector<std::string>;

/// The terms of an agent's tags ("key=value" or a bare word); an agent may repeat a tag.
Terms terms_of_tags(const std::vector<std::string>& tags);

/// The terms that a job's rules ("key=value") demand. The value "*", an empty value and a bare
/// word demand the tag only. The rule `queue` is left out: a queue is not a tag here.
Terms terms_of_rules(const std::vector<std::string>& rules);

/// Whether `available` has every term of `demanded`.
bool fits(const Terms& demanded, const Terms& available);

}  // namespace ostler::model
