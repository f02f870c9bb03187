// SPDX-License-Identifier: Apache-2.0
#include "integration/checkout/checkout_fixture.hpp"

#include <fstream>
#include <nlohmann/json.hpp>

#include "files/file.hpp"

namespace ostler {
namespace {

std::string trimmed(std::string text) {
  text.erase(text.find_last_not_of('\n') + 1);
  return text;
}

}  // namespace

CheckoutTest::CheckoutTest() {
  std::filesystem::create_directory(source_);
  git({"init", "-q", "-b", "main"});
  git({"config", "uploadpack.allowReachableSHA1InWant", "true"});
  write(source_ / "a.txt", "one\n");
  write(source_ / "sub/b.txt", "b\n");
  write(source_ / "run.sh", "#!/bin/sh\n");
  std::filesystem::permissions(source_ / "run.sh", std::filesystem::perms(0755));
  std::filesystem::create_symlink("a.txt", source_ / "link");
  commit("First words\n\nMore words.");
}

std::string CheckoutTest::git(std::vector<std::string> arguments,
                              const std::filesystem::path& directory) const {
  arguments.insert(arguments.begin(), "git");
  support::ProgramOptions options;
  options.directory = directory.empty() ? source_ : directory;
  options.environment = {{"HOME", root_.path().string()}, {"GIT_CONFIG_NOSYSTEM", "1"}};
  for (const char* who : {"AUTHOR", "COMMITTER"}) {
    options.environment[std::string("GIT_") + who + "_NAME"] = "Ann";
    options.environment[std::string("GIT_") + who + "_EMAIL"] = "ann@example.com";
  }
  const auto result = support::run_program(arguments, options);
  EXPECT_EQ(result.code, 0) << "git " << arguments[1] << ": " << result.err;
  return trimmed(result.out);
}

void CheckoutTest::write(const std::filesystem::path& file, const std::string& content) const {
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file) << content;
}

std::string CheckoutTest::read(const std::filesystem::path& file) const {
  const auto content = files::read_file(file);
  return content ? content.value() : "unreadable: " + content.error().message();
}

std::string CheckoutTest::commit(const std::string& message) const {
  git({"add", "-A"});
  git({"commit", "-q", "--allow-empty", "-m", message});
  return git({"rev-parse", "HEAD"});
}

support::ProgramOptions CheckoutTest::job(const Variables& more) const {
  support::ProgramOptions options;
  options.environment = {{"HOME", (root_ / "home").string()},
                         {"BUILDKITE_REPO", source_.string()},
                         {"BUILDKITE_COMMIT", "HEAD"},
                         {"BUILDKITE_BRANCH", "main"},
                         {"BUILDKITE_BUILD_PATH", (root_ / "builds").string()},
                         {"BUILDKITE_AGENT_NAME", "agent-1"},
                         {"BUILDKITE_ORGANIZATION_SLUG", "org"},
                         {"BUILDKITE_PIPELINE_SLUG", "pipe"},
                         {"BUILDKITE_COMMIT_RESOLVED", "true"}};
  for (const auto& [name, value] : more) options.environment[name] = value;
  return options;
}

std::vector<std::string> CheckoutTest::command(const std::filesystem::path& result) const {
  return {"sh", "-c", "exec \"$0\" job-checkout 4>\"$1\"", support::host_program(),
          result.string()};
}

CheckoutTest::Outcome CheckoutTest::check_out(const Variables& more) const {
  const std::filesystem::path result = root_ / "result.json";
  const auto ended = support::run_program(command(result), job(more));
  Outcome outcome{ended.code, ended.out + ended.err, "", ""};
  const auto found = nlohmann::json::parse(read(result), nullptr, false);
  if (found.is_object()) {
    outcome.commit = found["commit"];
    outcome.mirror = found["mirror"];
  }
  return outcome;
}

void CheckoutTest::expect_sound(const std::string& commit) const {
  EXPECT_EQ(git({"rev-parse", "HEAD"}, tree_), commit);
  EXPECT_EQ(git({"status", "--porcelain", "--ignored"}, tree_), "");
  EXPECT_EQ(git({"fsck", "--no-dangling"}, tree_), "");
  EXPECT_EQ(git({"remote", "get-url", "origin"}, tree_),
            git({"config", "remote.origin.url"}, tree_));
}

}  // namespace ostler
