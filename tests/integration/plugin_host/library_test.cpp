// SPDX-License-Identifier: Apache-2.0
// Libraries beside a plugin: handed over and mapped as it is.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "plugin_host/bundle_code.hpp"
#include "zoo_run.hpp"

namespace ostler::plugin_host {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
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

/// A bundle of its own that can be spoilt.
class LinkedCopy : public testing::Test {
 protected:
  LinkedCopy() { fs::copy(LINKED_DIRECTORY, place()); }
  fs::path place() const { return directory_.path() / "linked"; }
  Bundle bundle() const { return open_bundle(place()).value(); }

 private:
  support::TempDirectory directory_;
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

TEST_F(LinkedCopy, HasNoFaultsAndNoLibraryAmongItsResources) {
  EXPECT_THAT(inspect_files(bundle()).faults, testing::IsEmpty());
  const auto taken = take_code(bundle()).value();
  std::vector<std::string> code;
  for (const CodeFile& one : taken) code.push_back(one.name);
  EXPECT_THAT(code, ElementsAre("linked.so", "libzoo_words.so.1.2", "libzoo_numbers.so.1.2"));
  const UniqueFd packed = memory_file().value();
  std::uint64_t left = kMostResourceBytes;
  const auto resources = take_resources(bundle(), packed.get(), left, code).value();
  EXPECT_THAT(resources, ElementsAre(testing::Field(&Resource::name, "linked.json")));
}

TEST_F(LinkedCopy, IsRefusedOnceALibraryIsNotWhatItsManifestSays) {
  std::ofstream(place() / "libzoo_numbers.so.1.2", std::ios::app) << "more";
  EXPECT_THAT(take_code(bundle()).error().message(),
              HasSubstr("libzoo_numbers.so.1.2 is not the file that its manifest names"));
  EXPECT_THAT(inspect_files(bundle()).faults,
              ElementsAre(HasSubstr("libzoo_numbers.so.1.2: its SHA-256 is")));
}

TEST_F(LinkedCopy, IsRefusedWithALibraryThatIsNoFileOfItsOwn) {
  const fs::path library = place() / "libzoo_numbers.so.1.2";
  fs::rename(library, place() / "elsewhere");
  EXPECT_THAT(take_code(bundle()).error().message(), HasSubstr(library.string()));
  fs::create_symlink("elsewhere", library);
  EXPECT_THAT(take_code(bundle()).error().message(),
              HasSubstr("libzoo_numbers.so.1.2 is a symbolic link"));
  fs::remove(library);
  fs::create_symlink("/etc/passwd", library);
  EXPECT_THAT(take_code(bundle()).error().message(),
              HasSubstr("libzoo_numbers.so.1.2 is a symbolic link"))
      << "it is not read";
}

TEST_F(LinkedCopy, IsRefusedWithoutALibraryThatItsLibraryNeeds) {
  Bundle less = bundle();
  std::erase_if(less.manifest.files,
                [](const auto& file) { return file.first == "libzoo_numbers.so.1.2"; });
  for (const auto& faults :
       {inspect_files(less).faults, std::vector{take_code(less).error().message()}}) {
    EXPECT_THAT(faults, ElementsAre(HasSubstr("libzoo_words.so.1.2: needs libzoo_numbers.so.1,")));
  }
}

TEST_F(LinkedCopy, HasNoFaultsButThoseOfItsManifest) {
  std::ofstream(place() / "plugin.json") << "{";
  EXPECT_THAT(faults_of_libraries(place()), testing::IsEmpty());
  fs::remove(place() / "libzoo_words.so.1.2");
  EXPECT_THAT(faults_of_libraries(place()),
              ElementsAre(HasSubstr("linked.so: needs libzoo_words.so.1,")));
}

TEST_F(LinkedCopy, IsRefusedWithLibrariesThatTakeMoreThanIsLeft) {
  auto files = memory_files_for_code().value();
  std::vector<int> into;
  for (const UniqueFd& file : files) into.push_back(file.get());
  std::uint64_t left = 100;
  EXPECT_THAT(take_code(bundle(), into, left).error().message(),
              HasSubstr("libzoo_words.so.1.2 is larger than the 100 bytes that are left"));
}

}  // namespace
}  // namespace ostler::plugin_host
