// SPDX-License-Identifier: Apache-2.0
// Golden cases of plugins that ask for their job and for what others have left: NAME.job.json.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "crypto/digest.hpp"
#include "files/file.hpp"
#include "support/child_program.hpp"
#include "support/temp_directory.hpp"

namespace ostler::support {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::HasSubstr;

/// What makes the calls of its configuration, one a line; the facts of its job, when there is none.
constexpr const char* kMakesCalls = R"py(
def call(step, line):
    method, *arguments = line.split("|")
    try:
        return "0 " + step.ask(method, *arguments).replace("\n", " ")
    except CallFailed as failure:
        return f"{failure.status} {failure}"

def make_calls(step):
    facts = f'{step.attempt} {step.facts.get("branch")} {step.facts.get("parallel_job")}'
    told = [call(step, line) for line in step.config("/path").splitlines()]
    return passed("; ".join(told) or facts)

run("asks", "1.0.0", make_calls)
)py";

/// One case of a plugin in Python.
class CasesOfJobs : public testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists("/usr/bin/python3")) GTEST_SKIP() << "no python3 here";
    fs::create_directories(cases());
    fs::create_directories(plugin());
    const std::string program = read("sdk/templates/python/ostler_step.py") + kMakesCalls;
    std::ofstream(plugin() / "asks.py") << program;
    std::ofstream(plugin() / "plugin.json")
        << R"({"id": "asks", "version": "1.0.0", "kind": "step", "abi": "0.2", "description": "d",
               "runtime": "exec", "interpreter": ["python3", "-I", "-S"], "library": "asks.py",
               "permissions": {"services": ["lock", "meta-data", "state"]},
               "configuration": {"type": "object"}, "files": {"asks.py": ")"
        << crypto::sha256_hex(program) << "\"}}";
  }

  fs::path plugin() const { return directory_ / "asks"; }
  fs::path cases() const { return directory_ / "cases"; }
  static std::string read(const std::string& file) {
    return files::read_file(fs::path(std::getenv("OSTLER_SOURCE_DIR")) / file).value();
  }
  void ask(const std::string& calls) const {
    std::ofstream(cases() / "it.json") << json{{"path", calls}};
  }
  void give(const json& job) const { std::ofstream(cases() / "it.job.json") << job; }
  ProgramResult test(std::vector<std::string> more = {}) const {
    std::vector<std::string> words = {ostler_program(), "plugin", "test", plugin(), cases()};
    words.insert(words.end(), more.begin(), more.end());
    return run_program(words);
  }
  std::string accepted() const {
    const auto tested = test({"--accept", "--time-limit", "20"});
    EXPECT_EQ(tested.code, 0) << tested.out << tested.err;
    return files::read_file(cases() / "it.expected").value();
  }

 private:
  const TempDirectory directory_;
};

const char* const kAsksForJob =
    "ostler.job/1/outcome|test\nostler.job/1/outcome|none\nostler.output/1/get|test|image\n"
    "ostler.output/1/get|test|none\nostler.meta-data/1/get|release\n"
    "ostler.meta-data/1/exists|other\nostler.meta-data/1/set|other|new\n"
    "ostler.meta-data/1/keys\nostler.meta-data/1/set|ostler:x|y\nostler.state/1/get|host|live\n"
    "ostler.environment/1/get|STAGE\nostler.lock/1/acquire|prod|60000\n"
    "ostler.lock/1/acquire|free|0\n";

TEST_F(CasesOfJobs, HaveWhatOthersHaveLeft) {
  ask(kAsksForJob);
  const json image = json::parse(R"({"tag": "1.10", "layers": [1, 2]})");
  give({{"steps", {{"test", {{"outcome", "soft_failed"}, {"outputs", {{"image", image}}}}}}},
        {"meta_data", {{"release", "1.2"}}},
        {"state", {{"host", {{"live", "1.1"}}}}},
        {"environment", {{"STAGE", "prod"}}},
        {"locks", json::array({"prod"})}});
  EXPECT_EQ(accepted(),
            "meta-data other = new\nwaits for the lock prod, held by another job\n"
            "passed: 0 soft_failed; 3 the build has no step none; "
            "0 {\"layers\":[1,2],\"tag\":\"1.10\"}; 3 the step test has left no output none; "
            "0 1.2; 0 0; 0 ; 0 [\"other\",\"release\"]; 4 keys that begin with ostler: or "
            "buildkite: are not for plugins to set: ostler:x; 0 1 1.1; 0 prod; "
            "2 did not get the lock prod, held by another job; 0 1\nexit status 0\n");
  EXPECT_EQ(test().out, "passed it\n1 of 1 passed\n") << "nothing is kept";
  fs::remove(cases() / "it.job.json");
  EXPECT_THAT(test().out, HasSubstr("passed: 6 this run is outside any build"));
}

TEST_F(CasesOfJobs, WaitForALockWithoutALimitToTheEndOfTheirTime) {
  ask("ostler.lock/1/acquire|prod|-1\n");
  give({{"locks", json::array({"prod"})}});
  const auto tested = test({"--accept", "--time-limit", "1"});
  EXPECT_EQ(tested.code, 0) << tested.out << tested.err;
  const std::string expected = files::read_file(cases() / "it.expected").value();
  EXPECT_THAT(expected, testing::StartsWith("waits for the lock prod, held by another job\n"));
  EXPECT_THAT(expected, testing::EndsWith("\nit was ended after 1 s\n"));
}

TEST_F(CasesOfJobs, HaveItsFacts) {
  ask("");
  give({{"attempt", 3}, {"facts", {{"branch", "main"}, {"parallel_job", "1"}}}});
  EXPECT_EQ(accepted(), "passed: 3 main 1\nexit status 0\n");
}

TEST_F(CasesOfJobs, AreWrittenAsTheReadmeShows) {
  const std::string page = read("sdk/README.md");
  const std::string begin = "```json\n";
  const std::size_t at = page.find(begin, page.find("NAME.job.json")) + begin.size();
  ask("ostler.output/1/get|build|image\n");
  give(json::parse(page.substr(at, page.find("```", at) - at)));
  EXPECT_EQ(accepted(), "passed: 0 {\"tag\":\"1.2\"}\nexit status 0\n");
}

TEST_F(CasesOfJobs, NameTheFaultOfTheirFile) {
  ask("");
  const auto told = [&](const char* job) {
    give(json::parse(job));
    return test().err;
  };
  EXPECT_THAT(told(R"({"fact": {}})"),
              HasSubstr("it.job.json: job/fact: no such key, did you mean \"facts\"?"));
  EXPECT_THAT(told(R"({"facts": {"workspace": "/"}})"), HasSubstr("facts/workspace: no such key"));
  EXPECT_THAT(told(R"({"steps": {"test": {"outcome": "fine"}}})"),
              HasSubstr("steps/test/outcome is none of passed, soft_failed, "));
  EXPECT_THAT(told(R"({"attempt": 0})"), HasSubstr("attempt is no whole number from 1 on"));
  EXPECT_THAT(told(R"({"state": {"host": {"": "x"}}})"), HasSubstr("it.job.json: state/host/"));
  EXPECT_THAT(told(R"({"locks": "prod"})"), HasSubstr("locks is no array"));
}

}  // namespace
}  // namespace ostler::support
