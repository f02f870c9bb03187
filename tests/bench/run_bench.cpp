// SPDX-License-Identifier: Apache-2.0
// What `ostler run` adds to the commands of a pipeline: the same commands by hand, in a clone that
// is made anew as a run makes one, in turn with it. Prints rows of one table: figure, least,
// median, aim.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "bench/chain/table.hpp"
#include "support/child_program.hpp"
#include "support/temp_directory.hpp"

namespace ostler::bench {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

double millis_of(const std::vector<std::string>& words) {
  const auto begin = Clock::now();
  const auto result = support::run_program(words);
  const double millis = millis_between(begin, Clock::now());
  if (result.code == 0) return millis;
  std::fprintf(stderr, "%s: %s%s\n", words.front().c_str(), result.out.c_str(), result.err.c_str());
  std::exit(1);
}

/// Steps of a pipeline that do nothing, and a repository of a few files that it runs on.
class Work {
 public:
  explicit Work(int steps) {
    fs::create_directory(repository());
    std::ofstream pipeline(file());
    pipeline << "steps:\n";
    by_hand_ = "rm -rf '" + clone().string() + "' && git clone -q '" + repository().string() +
               "' '" + clone().string() + "' && cd '" + clone().string() + "'";
    for (int i = 0; i < steps; ++i) {
      pipeline << "  - command: 'true'\n  - wait\n";
      by_hand_ += " && bash -e -c true";
    }
    millis_of({"sh", "-c",
               "cd '" + repository().string() +
                   "' && git init -q . && for i in 1 2 3 4; do echo $i > $i; done && git add . && "
                   "git -c user.name=a -c user.email=a@b commit -q -m files"});
  }
  double by_run() const {
    const fs::path program = fs::path(std::getenv("OSTLER_BUILD_DIR")) / "bin/ostler";
    return millis_of({program.string(), "run", file().string(), "--repo", repository().string()});
  }
  double by_hand() const { return millis_of({"sh", "-c", by_hand_}); }

 private:
  fs::path repository() const { return directory_ / "repository"; }
  fs::path clone() const { return directory_ / "clone"; }
  fs::path file() const { return directory_ / "pipeline.yml"; }

  support::TempDirectory directory_;
  std::string by_hand_;
};

void measure(int steps, int count) {
  const Work work(steps);
  std::vector<double> run;
  std::vector<double> hand;
  for (int i = 0; i < count; ++i) {
    run.push_back(work.by_run());
    hand.push_back(work.by_hand());
  }
  const std::string of = " of " + std::to_string(steps) + (steps == 1 ? " command" : " commands");
  row_of_times("ostler run" + of, run, "");
  row_of_times("  the same by hand, in a fresh clone", hand, "");
}

}  // namespace
}  // namespace ostler::bench

int main() {
  constexpr int kCount = 21;
  ostler::bench::row("figure", "least", "median", "aim");
  for (const int steps : {1, 10}) ostler::bench::measure(steps, kCount);
  return 0;
}
