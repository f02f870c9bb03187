// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "crypto/digest.hpp"
#include "files/file.hpp"
#include "plugin_host/bundle_code.hpp"
#include "plugin_host/plugin_store.hpp"
#include "zoo_run.hpp"

namespace ostler::plugin_host {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

/// A copy of the zoo's plugin that can be spoilt.
class Copy {
 public:
  Copy() { fs::copy(ZooRun::directory(), directory_.path() / "zoo", fs::copy_options::recursive); }
  fs::path path() const { return directory_.path() / "zoo"; }
  const support::TempDirectory& directory() const { return directory_; }

 private:
  support::TempDirectory directory_;
};

TEST(Bundle, IsWhatTheCMakeFunctionHasBuilt) {
  const auto bundle = open_bundle(ZooRun::directory());
  ASSERT_TRUE(bundle) << bundle.error().message();
  EXPECT_EQ(bundle.value().manifest.reference(), "zoo#1.0.0");
  EXPECT_TRUE(take_code(bundle.value()));
  EXPECT_THAT(inspect_files(bundle.value()).faults, testing::IsEmpty());
  EXPECT_FALSE(inspect_files(bundle.value()).least_glibc.empty());
}

TEST(Bundle, RefusesALibraryThatWasChanged) {
  const Copy copy;
  std::ofstream(copy.path() / "zoo.so", std::ios::app) << "more";
  const auto bundle = open_bundle(copy.path());
  ASSERT_TRUE(bundle);
  EXPECT_THAT(take_code(bundle.value()).error().message(), HasSubstr("SHA-256"));
  EXPECT_THAT(inspect_files(bundle.value()).faults, testing::Contains(HasSubstr("SHA-256")));
}

TEST(Bundle, HasResourcesWithinWhatIsLeftForThem) {
  const support::TempDirectory directory;
  Bundle bundle;
  bundle.directory = directory.path();
  for (const char* name : {"a.txt", "b.txt"}) {
    std::ofstream(directory.path() / name) << "12345";
    bundle.manifest.files.emplace_back(name, crypto::sha256_hex("12345"));
  }
  const auto size_of = [](const UniqueFd& file) { return ::lseek(file.get(), 0, SEEK_END); };
  std::uint64_t left = 19;
  const UniqueFd first = memory_file().value();
  ASSERT_TRUE(take_resources(bundle, first.get(), left, {}));
  EXPECT_EQ(left, 9u);
  const UniqueFd second = memory_file().value();
  EXPECT_THAT(take_resources(bundle, second.get(), left, {}).error().message(),
              HasSubstr("b.txt is larger than the 4 bytes that are left"));
  EXPECT_EQ(size_of(first), 10);
  EXPECT_EQ(size_of(second), 0) << "its memory is free again";
}

TEST(Bundle, IsNotLookedForBesideWhatIsNotThere) {
  const Copy copy;
  EXPECT_THAT(open_bundle(copy.path() / "greet").error().message(), HasSubstr("zoo/greet"));
  EXPECT_TRUE(open_bundle(copy.path() / "zoo.so"));
}

TEST(Bundle, NamesEveryFaultOfAManifest) {
  const support::TempDirectory directory;
  std::ofstream(directory.path() / "plugin.json")
      << R"({"id": "Zoo", "version": "1", "kind": "step", "abi": "9.9", "libary": "x.so",
             "description": "d", "files": {}, "permissions": {"network": "some"}})";
  const std::string said = open_bundle(directory.path()).error().message();
  for (const char* part :
       {"id:", "version:", "abi:", "library:", "did you mean \"library\"", "permissions/network"}) {
    EXPECT_THAT(said, HasSubstr(part));
  }
}

TEST(Bundle, IsFoundInAStoreByNameAndVersion) {
  const Copy copy;
  const fs::path store = copy.directory().path() / "store";
  fs::create_directories(store / "zoo");
  fs::copy(copy.path(), store / "zoo/1.0.0", fs::copy_options::recursive);
  EXPECT_EQ(find_in_store(store, read_step_reference("zoo#1.0.0")).value(), store / "zoo/1.0.0");
  EXPECT_EQ(find_in_store(store, read_step_reference("zoo")).value(), store / "zoo/1.0.0");
  EXPECT_THAT(find_in_store(store, read_step_reference("zoo#2.0.0")).error().message(),
              HasSubstr("version 1.0.0"));
  EXPECT_THAT(find_in_store(store, read_step_reference("zoos#1.0.0")).error().message(),
              HasSubstr("did you mean \"zoo\""));
  EXPECT_FALSE(find_in_store(store, read_step_reference("../store/zoo")));
}

}  // namespace
}  // namespace ostler::plugin_host
