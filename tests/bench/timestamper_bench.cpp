// SPDX-License-Identifier: Apache-2.0
// MB/s of one core through the time-stamper, by length of line.
#include <benchmark/benchmark.h>

#include "log/timestamper.hpp"

namespace ostler::log {
namespace {

constexpr std::size_t kWrite = 64 << 10;  // bytes of one read from a pipe

void BM_Timestamper(benchmark::State& state) {
  const auto line = static_cast<std::size_t>(state.range(0));
  std::string text(4 << 20, 'x');
  for (std::size_t at = line; at < text.size(); at += line) text[at] = '\n';
  const SystemClock clock;
  Timestamper stamper(clock);
  std::string out;
  for (auto _ : state) {
    for (std::size_t at = 0; at < text.size(); at += kWrite) {
      out.clear();
      stamper.write(std::string_view(text).substr(at, kWrite), out);
      benchmark::DoNotOptimize(out.data());
    }
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(BM_Timestamper)->ArgName("line")->Arg(80)->Arg(1 << 20);

}  // namespace
}  // namespace ostler::log
