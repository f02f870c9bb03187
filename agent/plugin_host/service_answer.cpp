// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/service_answer.hpp"

#include <algorithm>
#include <utility>

namespace ostler::plugin_host {
namespace {

/// What ostler_status_t says in an error of ours; what is not here is OSTLER_FAILED.
constexpr std::pair<std::int32_t, Errc> kStatuses[] = {
    {1, Errc::Cancelled}, {2, Errc::Timeout},     {3, Errc::NotFound}, {4, Errc::Denied},
    {5, Errc::Conflict},  {6, Errc::Unavailable}, {7, Errc::UserFault}};
constexpr std::int32_t kFailed = 8;

}  // namespace

supervise::BoxAnswer service_answer(std::uint32_t id, Result<std::string> found) {
  if (found && found.value().size() <= supervise::kLongestTextToBox) {
    return {id, 0, std::move(found).value()};
  }
  if (found) return {id, kFailed, "the answer is longer than 2 MiB"};
  const auto status =
      std::ranges::find(kStatuses, found.error().code(), &std::pair<std::int32_t, Errc>::second);
  return {id, status == std::end(kStatuses) ? kFailed : status->first, found.error().message()};
}

Result<std::string> value_of_answer(supervise::BoxAnswer answer) {
  if (answer.status == 0) return std::move(answer.text);
  const auto code =
      std::ranges::find(kStatuses, answer.status, &std::pair<std::int32_t, Errc>::first);
  return Error(code == std::end(kStatuses) ? Errc::Internal : code->second, answer.text);
}

}  // namespace ostler::plugin_host
