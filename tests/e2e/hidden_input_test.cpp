// SPDX-License-Identifier: Apache-2.0
// What a person types unseen at a terminal.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "e2e/terminal_program.hpp"
#include "files/file.hpp"
#include "support/child_program.hpp"
#include "support/hub_process.hpp"
#include "support/temp_directory.hpp"

namespace ostler {
namespace {

using support::TerminalProgram;
using testing::HasSubstr;
using testing::Not;

class HiddenInput : public testing::Test {
 protected:
  std::unique_ptr<TerminalProgram> set_secret() const {
    const auto token = files::read_file(hub_.data() / "api-token").value();
    return std::make_unique<TerminalProgram>(
        std::vector<std::string>{support::ostler_program(), "secret", "set", "KEY"},
        std::map<std::string, std::string>{{"OSTLER_URL", hub_.url()},
                                           {"OSTLER_API_TOKEN", token.substr(0, token.find('\n'))},
                                           {"HOME", directory_.path()}},
        80);
  }

  const support::TempDirectory directory_;
  const support::HubProcess hub_{directory_.path()};
};

bool has_asked(TerminalProgram& program) {
  return program.read_until([](const auto& text) { return text.find("value: ") != text.npos; });
}

TEST_F(HiddenInput, IsNotShown) {
  const auto program = set_secret();
  ASSERT_TRUE(has_asked(*program)) << program->text();
  EXPECT_FALSE(program->is_as_before());
  program->type("pa55word\n");
  EXPECT_EQ(program->end(), 0) << program->text();
  EXPECT_TRUE(program->is_as_before());
  EXPECT_THAT(program->text(), HasSubstr("made secret KEY"));
  EXPECT_THAT(program->text(), Not(HasSubstr("pa55word")));
}

TEST_F(HiddenInput, LeavesTheTerminalAsItWasWhateverSignalEndsIt) {
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) {
    const auto program = set_secret();
    ASSERT_TRUE(has_asked(*program)) << program->text();
    program->type(number == SIGINT ? "half\x03" : "half");
    if (number != SIGINT) program->signal(number);
    EXPECT_EQ(program->end(), 128 + number) << program->text();
    EXPECT_TRUE(program->is_as_before()) << number;
  }
}

}  // namespace
}  // namespace ostler
