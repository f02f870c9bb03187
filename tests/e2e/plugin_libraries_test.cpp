// SPDX-License-Identifier: Apache-2.0
// A step plugin with a library beside it: as an author builds it, in a run by hand and in a job.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "e2e/author_commands.hpp"
#include "e2e/plugin_author.hpp"
#include "e2e/plugin_pipeline.hpp"
#include "files/file.hpp"

namespace ostler {
namespace {

namespace fs = std::filesystem;
using support::ostler;
using testing::AllOf;
using testing::HasSubstr;

constexpr const char* kProject = R"(cmake_minimum_required(VERSION 3.25)
project(greet-cpp LANGUAGES CXX)
set(CMAKE_CXX_STANDARD 20)
find_package(ostler-sdk 0.2 REQUIRED)
add_library(words SHARED words.cpp)
set_target_properties(words PROPERTIES VERSION 2.1 SOVERSION 2)
ostler_step_plugin(greet-cpp SOURCES greet.cpp MANIFEST plugin.json LIBRARIES words
                   RESOURCES notes.md $<TARGET_FILE:words>)
)";

/// The example in C++, which has its words from a library of its own.
class PluginLibrary : public PluginPipeline {
 protected:
  PluginLibrary() {
    const fs::path example = support::source_root() / "examples/plugins/greet-cpp";
    fs::create_directories(source_);
    fs::copy(example / "plugin.json", source_ / "plugin.json");
    std::ofstream(source_ / "notes.md") << "notes\n";
    std::ofstream(source_ / "CMakeLists.txt") << kProject;
    std::ofstream(source_ / "words.cpp")
        << "#include <string>\nstd::string greeting(const std::string& name);\n"
           "std::string greeting(const std::string& name) { return \"Welcome, \" + name; }\n";
    std::string code = files::read_file(example / "greet.cpp").value();
    code.replace(code.find("namespace"), 0, "std::string greeting(const std::string& name);\n");
    code.replace(code.find("\"Hello, \" + config.name"), 23, "greeting(config.name)");
    std::ofstream(source_ / "greet.cpp") << code;
    built_ = author_.build(source_, "greet-cpp");
  }

  const support::Author author_;
  const fs::path source_ = author_ / "source";
  std::string built_;
};

TEST_F(PluginLibrary, IsMappedByHandAndInAJob) {
  const auto checked = ostler({"plugin", "check", built_});
  EXPECT_EQ(checked.code, 0) << checked.err;
  EXPECT_THAT(ostler({"plugin", "show", built_}).out,
              AllOf(HasSubstr("file: greet-cpp.so"), HasSubstr("library: libwords.so.2.1"),
                    HasSubstr("resource: notes.md")));
  EXPECT_THAT(ostler({"plugin", "run", built_}).out, HasSubstr("Welcome, world!"));
  fs::create_directories(directory_ / "state/plugins/greet-cpp");
  fs::copy(built_, directory_ / "state/plugins/greet-cpp/1.0.0", fs::copy_options::recursive);
  EXPECT_EQ(finished("  - plugins: [\"ostler://greet-cpp#1\": {name: Ada}]\n")["state"], "passed")
      << log(0);
  EXPECT_THAT(log(0), HasSubstr("Welcome, Ada!"));
}

TEST_F(PluginLibrary, IsRefusedInAJobOnceItIsAnother) {
  const fs::path place = directory_ / "state/plugins/greet-cpp/1.0.0";
  fs::create_directories(place);
  fs::copy(built_, place, fs::copy_options::recursive);
  std::ofstream(place / "libwords.so.2.1", std::ios::app) << "more";
  EXPECT_EQ(finished("  - plugins: [\"ostler://greet-cpp#1\"]\n")["state"], "failed");
  EXPECT_THAT(log(0), HasSubstr("libwords.so.2.1 is not the file that its manifest names"));
}

}  // namespace
}  // namespace ostler
