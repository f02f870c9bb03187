// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

// Why a job does not run: a call that only our hub has, in both directions.
namespace ostler::wire {

/// Whether people may have a job run once more.
struct RestRetryProspect {
  bool allowed = true;
  std::string reason{};  ///< why its step forbids it; empty: it does not, or gives none
};

struct RestWhy {
  struct Reason {
    std::string kind;  ///< "dependency", "gate", "concurrency", "queue", "agent", "tag" or "state"
    std::string message;  ///< a sentence for people
  };

  std::string job;    ///< id
  std::string name;   ///< what people call it
  std::string state;  ///< as REST prints it
  std::vector<Reason> reasons;
  RestRetryProspect retry{};  ///< allowed, where a hub does not say
};
std::string encode(const RestWhy& why);
/// Errors: Protocol.
Result<RestWhy> decode_rest_why(std::string_view json);

}  // namespace ostler::wire
