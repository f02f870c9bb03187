// SPDX-License-Identifier: Apache-2.0
// Plugins that go for their host, leave things behind, or change under it.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "files/file.hpp"
#include "plugin_host/bundle_code.hpp"
#include "zoo_run.hpp"

namespace ostler::plugin_host {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

std::size_t open_descriptors() {
  const fs::directory_iterator own("/proc/self/fd");
  return static_cast<std::size_t>(std::distance(begin(own), end(own)));
}

/// What the host's own memory holds, as a worker's holds the token of its job.
TEST(BadPlugin, ReadsNothingFromTheMemoryOfItsHost) {
  static const std::string token = "bkaj_a-token-that-only-the-host-has";
  std::array<char, 64> place{};
  std::snprintf(place.data(), place.size(), "%lx %zu",
                static_cast<unsigned long>(reinterpret_cast<std::uintptr_t>(token.data())),
                token.size());
  ZooRun zoo("steal", place.data());
  const auto verdict = zoo.run();
  EXPECT_EQ(verdict.result.message, "got: ");
}

TEST(BadPlugin, LeavesNoThreadsAndDescriptorsBehind) {
  const std::size_t before = open_descriptors();
  const auto begin = std::chrono::steady_clock::now();
  {
    ZooRun zoo("leave");
    EXPECT_EQ(zoo.run().result.message, "left 100 threads and 100 descriptors");
  }
  EXPECT_EQ(open_descriptors(), before);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20));
}

/// A bundle of its own, whose shared object others can write.
class Changing : public testing::Test {
 protected:
  Changing() {
    for (const char* name : {"zoo.so", "plugin.json"}) {
      fs::copy_file(fs::path(ZooRun::directory()) / name, directory_.path() / name);
    }
  }
  fs::path library() const { return directory_.path() / "zoo.so"; }
  fs::path directory() const { return directory_.path(); }

 private:
  support::TempDirectory directory_;
};

TEST_F(Changing, IsMappedAsItWasWhenItWasHashed) {
  const auto bundle = open_bundle(directory()).value();
  auto taken = take_code(bundle);
  ASSERT_TRUE(taken) << taken.error().message();
  std::ofstream(library(), std::ios::trunc) << "no library any more";
  const int copy = taken.value().front().file.get();
  EXPECT_LT(::pwrite(copy, "x", 1, 0), 0) << "the copy can be changed";
  const std::string again = "/proc/self/fd/" + std::to_string(copy);
  const UniqueFd writable(::open(again.c_str(), O_WRONLY | O_CLOEXEC));
  EXPECT_FALSE(writable && ::pwrite(writable.get(), "x", 1, 0) == 1) << "by another descriptor";
  ZooRun zoo("pass");
  zoo.spec.code = std::move(taken).value();
  EXPECT_EQ(zoo.run().result.outcome, Outcome::Passed);
}

TEST_F(Changing, IsRefusedOnceItIsNotWhatItsManifestSays) {
  const auto bundle = open_bundle(directory()).value();
  std::ofstream(library(), std::ios::app) << "more";
  const auto refused = take_code(bundle);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message(), HasSubstr("is not the file that its manifest names"));
}

TEST_F(Changing, IsRefusedWithASchemaThatIsNone) {
  const std::string sha256 = open_bundle(directory()).value().manifest.sha256_of("zoo.so");
  const auto open_with = [&](const std::string& schema) {
    std::ofstream(directory() / "plugin.json")
        << R"({"id": "zoo", "version": "1.0.0", "kind": "step", "abi": "0.2", "description": "d",
               "library": "zoo.so", "files": {"zoo.so": ")"
        << sha256 << R"("}, "configuration": )" << schema << "}";
    const auto opened = open_bundle(directory());
    return opened ? "" : opened.error().message();
  };
  EXPECT_EQ(open_with(R"({"type": "object"})"), "");
  EXPECT_THAT(open_with(R"({"type": })"), HasSubstr("plugin.json: "));
  EXPECT_THAT(open_with(R"("an object")"), HasSubstr("configuration: must be an object"));
  EXPECT_THAT(open_with(R"({"type": "objekt"})"), HasSubstr("configuration"));
}

}  // namespace
}  // namespace ostler::plugin_host
