// SPDX-License-Identifier: Apache-2.0
// What `ostler plugin check` says of manifests and libraries.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "crypto/digest.hpp"
#include "e2e/author_commands.hpp"
#include "support/child_program.hpp"
#include "support/temp_directory.hpp"

namespace ostler::support {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

TEST(PluginCheck, SaysAllFaultsOfManifestAndLibraryAtOnce) {
  const TempDirectory directory;
  std::ofstream(directory / "plugin.json") << R"({"id": "Greet", "kind": "step", "abi": "9.9"})";
  std::ofstream(directory / "greet.so") << "some notes";
  const auto said = ostler({"plugin", "check", directory.path()}).err;
  for (const char* part :
       {"id: must be", "version: is missing", "abi: must be", "greet.so: no shared"}) {
    EXPECT_THAT(said, HasSubstr(part));
  }
  std::ofstream(directory / "plugin.json") << R"({"configuration": {"type": )";
  const auto torn = ostler({"plugin", "check", directory.path()});
  EXPECT_EQ(torn.code, 2);
  EXPECT_THAT(torn.err, HasSubstr("plugin.json"));
  EXPECT_THAT(torn.err, HasSubstr("greet.so: no shared object"));
}

TEST(PluginCheck, TakesALibraryThatHasNoManifestYet) {
  const TempDirectory directory;
  std::ofstream(directory / "greet.so") << "some notes";
  const auto said = ostler({"plugin", "check", directory / "greet.so"});
  EXPECT_NE(said.code, 0);
  EXPECT_THAT(said.err, HasSubstr("plugin.json"));
  EXPECT_THAT(said.err, HasSubstr("greet.so: no shared object"));
}

TEST(PluginCheck, LooksAtNoOtherLibraryThanTheOneThatIsNamed) {
  const TempDirectory directory;
  const std::string library = "another text";
  std::ofstream(directory / "greet.so") << library;
  std::ofstream(directory / "other.so") << "some notes";
  std::ofstream(directory / "plugin.json")
      << R"({"id": "greet", "version": "1.0.0", "kind": "step", "abi": "0.2", "description": "d",
             "library": "greet.so", "files": {"greet.so": ")"
      << crypto::sha256_hex(library) << "\"}}";
  const ProgramOptions here{{}, directory.path()};
  for (const char* command : {"check", "run"}) {
    const auto said = run_program({ostler_program(), "plugin", command, "other.so"}, here);
    EXPECT_EQ(said.code, 2) << command;
    EXPECT_THAT(said.err,
                HasSubstr("other.so is not of the plugin whose plugin.json lies beside it: "
                          "the library of greet is greet.so"));
    EXPECT_THAT(said.err, testing::Not(HasSubstr("greet.so: no shared object")));
  }
  const auto own = run_program({ostler_program(), "plugin", "check", "greet.so"}, here);
  EXPECT_THAT(own.err, HasSubstr("greet.so: no shared object"));
  EXPECT_THAT(own.err, testing::Not(HasSubstr("other.so")));
}

/// A shared object of the zoo of bad plugins, perhaps with the manifest of the whole zoo.
class CheckedFile : public testing::Test {
 protected:
  ProgramResult check(const std::string& name, std::vector<std::string> more = {}) {
    fs::copy_file(fs::path(ZOO_DIRECTORY) / name, directory_ / name,
                  fs::copy_options::overwrite_existing);
    more.insert(more.begin(), {"plugin", "check", directory_ / name});
    return ostler(more);
  }
  void copy_manifest() {
    fs::copy_file(fs::path(ZOO_DIRECTORY) / "plugin.json", directory_ / "plugin.json");
  }

  TempDirectory directory_;
};

TEST_F(CheckedFile, IsLookedAtAloneWithoutAManifest) {
  std::ofstream(directory_ / "other.so") << "some notes";
  const auto half = check("half_none.so");
  EXPECT_EQ(half.code, 2);
  EXPECT_THAT(half.err, HasSubstr("half_none.so has faults\nthere is no plugin.json beside it"));
  EXPECT_THAT(
      half.err,
      HasSubstr("half_none.so: create() gave half a step, of 48 bytes: it lacks init() run()"));
  EXPECT_THAT(half.err, testing::Not(HasSubstr("other.so")));
  EXPECT_THAT(check("misfit_two_symbols.so").err, HasSubstr("another_symbol"));
}

TEST_F(CheckedFile, IsNotTheOneThatTheManifestBesideItNames) {
  copy_manifest();
  fs::copy_file(fs::path(ZOO_DIRECTORY) / "zoo.so", directory_ / "zoo.so");
  const auto other = check("misfit_two_symbols.so");
  EXPECT_EQ(other.code, 2);
  EXPECT_THAT(other.err, HasSubstr("the library of zoo is zoo.so"));
  EXPECT_THAT(other.err, HasSubstr("misfit_two_symbols.so: exports more than one symbol"));
  const auto run = ostler({"plugin", "run", directory_ / "misfit_two_symbols.so"});
  EXPECT_EQ(run.code, 2);
  EXPECT_THAT(run.err, HasSubstr("is not of the plugin whose plugin.json"));
  const auto named = check("zoo.so");
  EXPECT_EQ(named.code, 0) << named.err;
  EXPECT_THAT(named.out, HasSubstr("zoo#1.0.0: no faults"));
}

TEST_F(CheckedFile, NeedsNoSlash) {
  ProgramOptions options;
  options.directory = directory_.path();
  check("half_garbage.so");
  const auto said =
      run_program({ostler_program(), "plugin", "check", "half_garbage.so", "--json"}, options);
  EXPECT_EQ(said.code, 2);
  EXPECT_THAT(said.out, HasSubstr("create() gave a step that cannot be read"));
}

}  // namespace
}  // namespace ostler::support
