// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string_view>

#include "report/report.hpp"
#include "wire/report_words.hpp"

/// Whatever is handed in, what is told of it is short, JSON, and can be said in words.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ostler;
  if (size == 0) return 0;
  constexpr std::string_view kKinds[] = {"junit", "coverage", "sarif"};
  const std::string_view kind = kKinds[data[0] % 3];
  const auto told = report::summarize(kind, {reinterpret_cast<const char*>(data) + 1, size - 1});
  if (!told) return 0;
  if (told.value().size() > report::kLongestSummary + 1000) std::abort();
  auto summary = nlohmann::json::parse(told.value(), nullptr, false);
  if (summary.is_discarded()) std::abort();
  (void)wire::describe_report({{"kind", kind}, {"name", "n"}, {"summary", std::move(summary)}});
  return 0;
}
