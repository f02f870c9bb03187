// SPDX-License-Identifier: Apache-2.0
// MB/s of one core through the redactor, by number of secrets and by length of line.
#include <benchmark/benchmark.h>

#include <random>

#include "redact/redactor.hpp"

namespace ostler::redact {
namespace {

constexpr std::size_t kWrite = 64 << 10;  // bytes of one read from a pipe

std::string random_text(std::mt19937& engine, std::size_t size) {
  constexpr std::string_view kAlphabet = "etaoin shrdlucmfwypvbgkqjxz0123456789ETAOIN/.-_:=,\"()[]";
  std::uniform_int_distribution<std::size_t> pick(0, kAlphabet.size() - 1);
  std::string text(size, ' ');
  for (char& byte : text) byte = kAlphabet[pick(engine)];
  return text;
}

std::string log_text(std::size_t line) {
  std::mt19937 engine(1);
  std::string text = random_text(engine, 4 << 20);
  for (std::size_t at = line; at < text.size(); at += line) text[at] = '\n';
  return text;
}

void add_secrets(NeedleSet& needles, std::int64_t count) {
  std::mt19937 engine(2);
  for (std::int64_t i = 0; i < count; ++i) {
    needles.add((i % 4 == 0 ? "ghp_" : "") + random_text(engine, 8 + static_cast<size_t>(i % 40)));
  }
}

void BM_Redact(benchmark::State& state) {
  NeedleSet needles;
  add_secrets(needles, state.range(0));
  Redactor redactor(needles);
  const std::string text = log_text(static_cast<std::size_t>(state.range(1)));
  std::string out;
  for (auto _ : state) {
    for (std::size_t at = 0; at < text.size(); at += kWrite) {
      out.clear();
      redactor.write(std::string_view(text).substr(at, kWrite), out);
      benchmark::DoNotOptimize(out.data());
    }
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(BM_Redact)
    ->ArgNames({"secrets", "line"})
    ->ArgsProduct({{0, 1'000, 10'000}, {80, 1 << 20}});

}  // namespace
}  // namespace ostler::redact
