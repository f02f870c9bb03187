// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>

#include "e2e/plugin_author.hpp"
#include "files/file.hpp"
#include "support/child_program.hpp"
#include "support/temp_directory.hpp"
#include "support/wait_until.hpp"

namespace ostler::support {

/// A plugin of the template in `language`, called my-step, of other source and permissions.
class ChangedPlugin {
 public:
  ChangedPlugin(const std::string& language, const std::string& file, const std::string& source,
                const std::string& permissions) {
    const auto made =
        run_program({ostler_program(), "plugin", "new", "my-step", "--lang", language},
                    {{}, std::filesystem::path(author_ / "").parent_path()});
    EXPECT_EQ(made.code, 0) << made.err;
    std::ofstream(author_ / ("my-step/" + file)) << source;
    const std::string manifest = files::read_file(author_ / "my-step/plugin.json").value();
    const std::string none = R"("permissions": {})";
    const std::size_t at = manifest.find(none);
    EXPECT_NE(at, manifest.npos) << manifest;
    std::ofstream(author_ / "my-step/plugin.json")
        << manifest.substr(0, at) << R"("permissions": )" << permissions
        << manifest.substr(at + none.size());
    built_ = author_.build(author_ / "my-step", "my-step");
  }

  std::string run(const std::string& name = "world") const {
    const ProgramOptions options{{{"XDG_STATE_HOME", author_ / "home"}}, author_ / "my-step"};
    std::ofstream(author_ / "config.json") << R"({"name": ")" << name << "\"}";
    const auto ran = run_program(
        {ostler_program(), "plugin", "run", built_, "--config", author_ / "config.json"}, options);
    return ran.out + ran.err;
  }

  /// Interrupts it as soon as it has said that.
  std::string cancelled_at(const std::string& text, const std::string& name = "world") const {
    const ProgramOptions options{{{"XDG_STATE_HOME", author_ / "home"}}, author_ / "my-step"};
    std::ofstream(author_ / "config.json") << R"({"name": ")" << name << "\"}";
    const TempDirectory output;
    ChildProgram run(
        {ostler_program(), "plugin", "run", built_, "--config", author_ / "config.json"},
        output.path(), options);
    const auto said = [&] { return run.out() + run.err(); };
    EXPECT_TRUE(wait_until(std::chrono::seconds(60), [&] {
      return said().find(text) != std::string::npos;
    })) << said();
    run.signal(SIGINT);
    EXPECT_TRUE(run.wait(std::chrono::seconds(60))) << said();
    return said();
  }

  /// What it says in a case, to servers that answer with `exchanges`.
  std::string said_in_case(const std::string& name, const std::string& exchanges) const {
    const std::filesystem::path cases = author_ / "cases";
    std::filesystem::create_directory(cases);
    std::ofstream(cases / "it.json") << R"({"name": ")" << name << "\"}";
    std::ofstream(cases / "it.http.json") << exchanges;
    const auto tested = run_program({ostler_program(), "plugin", "test", built_, cases, "--accept"},
                                    {{{"XDG_STATE_HOME", author_ / "home"}}, author_ / "my-step"});
    EXPECT_EQ(tested.code, 0) << tested.out << tested.err;
    const auto said = files::read_file(cases / "it.expected");
    return said ? said.value() : tested.out + tested.err;
  }

  /// What addr2line says of an offset: "plugin.cpp:700".
  std::string line_at(const std::string& offset) const {
    return run_program({"/bin/sh", "-c", "addr2line -s -e \"$0\" \"$1\"",
                        std::filesystem::path(built_) / "my-step.so", offset})
        .out;
  }

 private:
  Author author_;
  std::string built_;
};

}  // namespace ostler::support
