// SPDX-License-Identifier: Apache-2.0
// Libraries beside a plugin: handed over and mapped as it is.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plugin_host/sealed_copy.hpp"
#include "zoo_run.hpp"

namespace ostler::plugin_host {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;

/// A run of the plugin `linked`, which counts words by a library that sums by another.
class LinkedRun : public ZooRun {
 public:
  explicit LinkedRun(const std::string& text) : ZooRun(text) {
    spec.id = "linked";
    spec.code.clear();
    for (const char* name : {"linked.so", "libzoo_words.so.1.2", "libzoo_numbers.so.1.2"}) {
      auto copy = sealed_copy(std::string(LINKED_DIRECTORY) + "/" + name);
      if (!copy) ADD_FAILURE() << copy.error().message();
      spec.code.push_back({name, std::move(copy.value().fd)});
    }
  }
};

TEST(Library, IsMappedBeforeThePluginThatNeedsIt) {
  LinkedRun linked("one and two");
  EXPECT_EQ(linked.run().result.message, "3 words");
}

TEST(Library, IsNamedWhereItCrashed) {
  LinkedRun linked("");
  EXPECT_THAT(linked.run().result.message,
              MatchesRegex(R"(the plugin crashed: SIGSEGV at libzoo_words\.so\.1\.2\+0x[0-9a-f]+ )"
                           R"(in words_count \(build-id [0-9a-f]+\), called from linked\.so\+)"
                           R"(0x[0-9a-f]+ in .*count_words.*, address 0x0)"));
}

TEST(Library, IsNamedWhereItsConstructorCrashed) {
  ZooRun zoo("pass");
  const std::string path = ZooRun::directory() + "/misfit_born_dead.so";
  zoo.spec.code.push_back({"libborn_dead.so", std::move(sealed_copy(path).value().fd)});
  EXPECT_THAT(zoo.run().result.message, HasSubstr("SIGSEGV at libborn_dead.so+0x"));
}

TEST(Library, IsMissedByTheOneThatNeedsIt) {
  LinkedRun linked("one and two");
  linked.spec.code.pop_back();
  const auto verdict = linked.run();
  EXPECT_EQ(verdict.end, BoxEnd::Refused);
  EXPECT_THAT(verdict.result.message,
              testing::AllOf(HasSubstr("cannot be mapped"), HasSubstr("libzoo_numbers.so.1")));
}

}  // namespace
}  // namespace ostler::plugin_host
