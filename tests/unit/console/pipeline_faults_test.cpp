// SPDX-License-Identifier: Apache-2.0
#include "console/pipeline_faults.hpp"

#include <gtest/gtest.h>

namespace ostler::console {
namespace {

TEST(PipelineFaults, CutALineThatIsLongerThanItIsShown) {
  const std::string line = std::string(200, 'x');
  EXPECT_EQ(source_excerpt("a\n" + line + "\n", {2, 1}), "    " + line.substr(0, 99) + "…\n    ^");
}

TEST(PipelineFaults, ReadNoMoreOfALongLineThanItsBeginning) {
  std::string line = "key: ";
  for (int i = 0; i < 1'000; ++i) line += "\u202e";  // is not shown
  EXPECT_EQ(source_excerpt(line + "end", {1, 1}), "    key: …\n    ^");
}

TEST(PipelineFaults, CutBetweenCharacters) {
  std::string line = "a";
  for (int i = 0; i < 1'000; ++i) line += "\u0301";  // stands over the letter before it
  const std::string shown = source_excerpt(line, {1, 1});
  EXPECT_EQ(shown.find("\uFFFD"), shown.npos) << shown;
}

TEST(PipelineFaults, AreShownInTheirTextWhenOnlyTheirLinesAreKnown) {
  const Error refusal(Errc::UserFault,
                      "p.yml:2:3: queue \"a\" is not there; make it\n"
                      "p.yml: and 7 more faults\n"
                      "p.yml:2: no column\n"
                      "p.yml:9:1: beyond the end\n"
                      "another.yml:1:1: of another text");
  EXPECT_EQ(shown_faults(refusal, "p.yml", "steps:\n- agents: {queue: a}\n").message(),
            "p.yml:2:3: queue \"a\" is not there; make it\n"
            "    - agents: {queue: a}\n"
            "      ^\n"
            "p.yml: and 7 more faults\n"
            "p.yml:2: no column\n"
            "p.yml:9:1: beyond the end\n"
            "another.yml:1:1: of another text");
}

}  // namespace
}  // namespace ostler::console
