// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "pipeline/condition.hpp"
#include "pipeline/condition_check.hpp"

// What passes the checks has an answer, or asks for a variable that is not there.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ostler;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (size > 4096) return 0;
  pipeline::BuildFacts facts;
  facts.env = {{"A", "alpha"}, {"E", ""}};
  facts.build.request.branch = "main";
  const auto fault = pipeline::ConditionCheck().fault_in(text);
  const auto answer = pipeline::BuildConditions(facts).hold(text);
  if (fault && answer) __builtin_trap();
  if (fault && fault->at > size) __builtin_trap();
  return 0;
}
