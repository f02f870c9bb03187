// SPDX-License-Identifier: Apache-2.0
#include "wire/rest_job_titles.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

namespace ostler::wire {
namespace {

using Jobs = std::vector<RestJobAnswer*>;

/// Of a longer one people may be shown no more.
constexpr std::size_t kComparedBytes = 50;
constexpr std::size_t kShortestId = 8;
constexpr std::string_view kSpace = " \t\r\n";

/// What two jobs that look alike have in common.
std::string look_of(const RestJobAnswer& job) {
  const std::string words = rest_job_words(job);
  const std::size_t begin = std::min(words.find_first_not_of(kSpace), words.size());
  return words.substr(begin, std::min(words.find('\n', begin) - begin, kComparedBytes));
}

/// By what `name_of` says of them, but for those of which there is one alone.
template <class NameOf>
std::map<std::string, Jobs> alike(const Jobs& jobs, NameOf name_of) {
  std::map<std::string, Jobs> by_name;
  for (RestJobAnswer* job : jobs) by_name[name_of(*job)].push_back(job);
  std::erase_if(by_name, [](const auto& one) {
    return std::ranges::count(one.second, false, &RestJobAnswer::retried) < 2;
  });
  return by_name;
}

bool have_own_keys(const Jobs& jobs) {
  std::set<std::string_view> keys;
  for (const RestJobAnswer* job : jobs) {
    if (job->retried) continue;
    if (job->step_key.empty() || !keys.insert(job->step_key).second) return false;
  }
  return true;
}

/// How much of their ids no two have in common.
std::size_t length_of_own_ids(const Jobs& jobs) {
  std::set<std::string_view> ids;
  for (const RestJobAnswer* job : jobs) ids.insert(job->id);
  std::size_t length = kShortestId;
  std::string_view before;
  for (const std::string_view id : ids) {
    const auto differs = std::ranges::mismatch(before, id).in2;
    length = std::max(length, static_cast<std::size_t>(differs - id.begin()) + 1);
    before = id;
  }
  return length;
}

void add_distinction(RestJobAnswer& job, const std::string& words) {
  job.distinction += (job.distinction.empty() ? "" : " ") + words;
}

void tell_apart_by_key_or_id(const Jobs& jobs) {
  const bool by_key = have_own_keys(jobs);
  const std::size_t length = by_key ? 0 : length_of_own_ids(jobs);
  for (RestJobAnswer* job : jobs) {
    add_distinction(*job, "(" + (by_key ? job->step_key : job->id.substr(0, length)) + ")");
  }
}

}  // namespace

std::string rest_job_words(const RestJobAnswer& job) {
  if (!job.name.empty()) return job.name;
  if (!job.step_key.empty()) return job.step_key;
  if (!job.command.empty()) return job.command;
  if (!job.triggers.empty()) return "trigger " + job.triggers;
  if (!job.gate) return "";
  return job.gate->prompt.empty() ? job.gate->submit : job.gate->prompt;
}

void tell_jobs_apart(std::vector<RestJobAnswer>& jobs) {
  Jobs all;
  for (RestJobAnswer& job : jobs) {
    if (job.type != "waiter") all.push_back(&job);
  }
  for (const auto& [look, same] : alike(all, look_of)) {
    for (RestJobAnswer* job : same) job->distinction = job->variation;
    const auto variation_of = [](const RestJobAnswer& job) { return job.variation; };
    for (const auto& [variation, twins] : alike(same, variation_of)) tell_apart_by_key_or_id(twins);
  }
}

}  // namespace ostler::wire
