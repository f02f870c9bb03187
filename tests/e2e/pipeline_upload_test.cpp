// SPDX-License-Identifier: Apache-2.0
// `pipeline upload` as a script runs it. Source: reference/job-lifecycle.md 9.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "files/file.hpp"
#include "support/agent_process.hpp"
#include "support/hub_process.hpp"
#include "support/temp_directory.hpp"

namespace ostler {
namespace {

using namespace std::chrono_literals;
using support::ProgramResult;
using testing::HasSubstr;

class DryRun : public testing::Test {
 protected:
  void write(const std::string& name, const std::string& text) {
    std::filesystem::create_directories((directory_ / name).parent_path());
    ASSERT_TRUE(files::write_file_atomically(directory_ / name, text));
  }
  ProgramResult upload(std::vector<std::string> more = {},
                       std::map<std::string, std::string> environment = {}) {
    more.insert(more.begin(), {support::ostler_program(), "pipeline", "upload", "--dry-run"});
    return support::run_program(more, {std::move(environment), directory_.path()});
  }
  /// With `text` on standard input.
  ProgramResult upload_text(const std::string& text) {
    write("input", text);
    const std::string command =
        "cat input | " + support::ostler_program() + " pipeline upload --dry-run";
    return support::run_program({"sh", "-c", command}, {{}, directory_.path()});
  }
  void git(const std::string& arguments) {
    const std::string command = "git -c user.name=t -c user.email=t@example.org " + arguments;
    ASSERT_EQ(support::run_program({"sh", "-c", command}, {{}, directory_.path()}).code, 0);
  }

  const support::TempDirectory directory_;
};

TEST_F(DryRun, FindsTheOneFileWithACustomaryName) {
  EXPECT_THAT(upload().err, HasSubstr("no pipeline file here"));
  write(".buildkite/pipeline.yml", "- command: a\n");
  const auto found = upload();
  EXPECT_EQ(found.code, 0) << found.err;
  EXPECT_EQ(found.out, "{\n  \"steps\": [\n    {\n      \"command\": \"a\"\n    }\n  ]\n}\n");
  write("buildkite.json", "[]");
  const auto two = upload();
  EXPECT_EQ(two.code, 1);
  EXPECT_EQ(two.err,
            "ostler: pipeline upload: several pipeline files are here; name one of "
            "buildkite.json, .buildkite/pipeline.yml\n");
}

TEST_F(DryRun, ReadsStandardInputBeforeFiles) {
  write("buildkite.yml", "- command: file\n");
  EXPECT_THAT(upload_text("- command: piped").out, HasSubstr("\"piped\""));
  EXPECT_THAT(upload({}).out, HasSubstr("\"file\""));
}

TEST_F(DryRun, PrintsEveryDocumentOfEveryFileInOrder) {
  write("a.yml", "- command: a1\n---\n- command: a2\n");
  write("b.json", "{\"steps\": [{\"command\": \"b\"}]}");
  const auto printed = upload({"--format", "yaml", "a.yml", "b.json"});
  EXPECT_EQ(printed.code, 0) << printed.err;
  EXPECT_EQ(printed.out,
            "steps:\n  - command: \"a1\"\nsteps:\n  - command: \"a2\"\nsteps:\n  - command: b\n");
}

TEST_F(DryRun, InterpolatesUnlessItIsToldNotTo) {
  write("p.yml", "env: {B: '$A!'}\nsteps: [command: 'echo $A ${B} ${C:-none} $$D']\n");
  EXPECT_THAT(upload({"p.yml"}, {{"A", "x"}}).out, HasSubstr("\"echo x x! none $D\""));
  EXPECT_THAT(upload({"p.yml", "--no-interpolation"}).out,
              HasSubstr("\"echo $A ${B} ${C:-none} $$D\""));
  write("p.yml", "- command: a\n- command: ${E?is needed}\n");
  const auto failed = upload({"p.yml"});
  EXPECT_EQ(failed.code, 1);
  EXPECT_EQ(failed.err,
            "ostler: p.yml:2:12: $E: is needed\n"
            "    - command: ${E?is needed}\n"
            "               ^\n");
}

TEST_F(DryRun, InterpolatesTheCommitThatIsMeant) {
  write("deep/p.yml", "- command: at $BUILDKITE_COMMIT.\n");
  git("init -q -b main && git add . && git -c user.name=t -c user.email=t@e commit -q -m first");
  const auto meant = upload({"deep/p.yml"}, {{"BUILDKITE_COMMIT", "HEAD"}});
  EXPECT_THAT(meant.out, testing::ContainsRegex("at [0-9a-f]{40}\\."));
  const auto unknown = upload({"deep/p.yml"}, {{"BUILDKITE_COMMIT", "nowhere"}});
  EXPECT_EQ(unknown.code, 0);
  EXPECT_THAT(unknown.out, HasSubstr("at nowhere."));
  EXPECT_THAT(unknown.err, HasSubstr("BUILDKITE_COMMIT stays \"nowhere\""));
}

TEST_F(DryRun, UploadsNoSecretUnlessItIsToldTo) {
  write("p.yml",
        "env: {MY_SECRET: long enough, B_TOKEN: $$A_TOKEN, X_TOKEN: short}\n"
        "steps: [{group: g, steps: [{command: 'echo $A_TOKEN'}]}]\n");
  const std::map<std::string, std::string> secret{{"A_TOKEN", "correct \"horse\""}};
  const auto refused = upload({"p.yml"}, secret);
  EXPECT_EQ(refused.code, 1);
  EXPECT_EQ(refused.out, "");
  EXPECT_EQ(refused.err,
            "ostler: pipeline \"p.yml\" contains values interpolated from the following secret "
            "environment variables: [A_TOKEN MY_SECRET], and cannot be uploaded to Buildkite\n");
  const auto allowed = upload({"p.yml", "--allow-secrets"}, secret);
  EXPECT_EQ(allowed.code, 0);
  EXPECT_THAT(allowed.err, HasSubstr("[A_TOKEN MY_SECRET], which will be uploaded"));
  EXPECT_EQ(upload({"p.yml", "--redacted-vars", "OTHER"}, secret).code, 0);
}

TEST_F(DryRun, WarnsOrFailsByWish) {
  write("p.yml", "- dance\n");
  const auto warned = upload({"p.yml"});
  EXPECT_EQ(warned.code, 0);
  EXPECT_THAT(warned.err, HasSubstr("p.yml: step 1 is no step"));
  EXPECT_EQ(upload({"p.yml", "--reject-parse-warnings"}).code, 1);
}

/// One step per folder, in a repository with a branch "topic" that changed web/ and deleted api/x.
class IfChangedDryRun : public DryRun {
 protected:
  void SetUp() override {
    write("p.yml",
          "- {command: web, if_changed: 'web/**'}\n"
          "- {command: api, if_changed: ['api/*', 'proto/*']}\n"
          "- {command: docs, if_changed: {include: '**', exclude: ['web/**', 'api/**']}}\n");
    write("web/a", "1");
    write("api/x", "1");
    write("docs/d", "1");
    git("init -q -b main && git add .");
    git("commit -qm first");
    git("update-ref refs/remotes/origin/main main && git checkout -qb topic");
    write("web/a", "2");
    git("rm -q api/x");
    git("commit -qam second");
  }
  /// The commands of the steps that are not skipped.
  static std::vector<std::string> run_by(const ProgramResult& printed) {
    std::vector<std::string> commands;
    const auto json = nlohmann::json::parse(printed.out, nullptr, false);
    EXPECT_FALSE(json.is_discarded()) << printed.out << printed.err;
    if (json.is_discarded()) return commands;
    for (const auto& step : json["steps"]) {
      EXPECT_FALSE(step.contains("if_changed")) << step;
      if (!step.contains("skip")) commands.push_back(step["command"]);
    }
    return commands;
  }
};

TEST_F(IfChangedDryRun, SkipsStepsThatNoChangeIsFor) {
  const auto printed = upload({"p.yml"});
  EXPECT_EQ(printed.code, 0) << printed.err;
  EXPECT_THAT(run_by(printed), testing::ElementsAre("web", "api"));
  EXPECT_THAT(
      printed.out,
      HasSubstr(R"("skip": "if_changed matched no unexcluded changed files in this build")"));
  EXPECT_THAT(printed.err, HasSubstr("if_changed: 2 files changed since "));
  EXPECT_THAT(run_by(upload({"p.yml", "--apply-if-changed=false"})),
              testing::ElementsAre("web", "api", "docs"));
}

TEST_F(IfChangedDryRun, HoldsAgainstTheBaseThatTheBuildIsFor) {
  write("docs/d", "2");
  git("commit -qam third && git update-ref refs/remotes/origin/release HEAD~");
  EXPECT_THAT(run_by(upload({"p.yml"}, {{"BUILDKITE_PULL_REQUEST_BASE_BRANCH", "release"},
                                        {"BUILDKITE_PIPELINE_DEFAULT_BRANCH", "main"}})),
              testing::ElementsAre("docs"));
  EXPECT_THAT(run_by(upload({"p.yml"}, {{"BUILDKITE_PULL_REQUEST_BASE_BRANCH", ""},
                                        {"BUILDKITE_PIPELINE_DEFAULT_BRANCH", "release"}})),
              testing::ElementsAre("docs"));
  EXPECT_THAT(run_by(upload({"p.yml", "--git-diff-base", "HEAD~"})), testing::ElementsAre("docs"));
  EXPECT_THAT(run_by(upload({"p.yml"}, {{"BUILDKITE_GIT_DIFF_BASE", "origin/main"}})),
              testing::ElementsAre("web", "api", "docs"));
}

TEST_F(IfChangedDryRun, JudgesTheBaseItselfByItsLastCommitAndSaysSo) {
  EXPECT_EQ(upload({"p.yml"}).err.find("its own commit"), std::string::npos);
  write("docs/d", "2");
  git("commit -qam third && git update-ref refs/remotes/origin/main HEAD");
  const auto printed = upload({"p.yml"});
  EXPECT_THAT(run_by(printed), testing::ElementsAre("docs"));
  EXPECT_THAT(printed.err, HasSubstr("HEAD is in the history of origin/main: what its own commit "
                                     "changes counts, not those before it"));
}

TEST_F(IfChangedDryRun, RunsAllWhereItCannotTell) {
  const auto printed = upload({"p.yml", "--git-diff-base", "nowhere"});
  EXPECT_EQ(printed.code, 0);
  EXPECT_THAT(run_by(printed), testing::ElementsAre("web", "api", "docs"));
  EXPECT_THAT(printed.err, HasSubstr("no step is skipped for if_changed: find nowhere"));
  EXPECT_EQ(printed.err.find("is not known"), printed.err.rfind("is not known")) << printed.err;
  std::filesystem::remove_all(directory_ / ".git");
  EXPECT_THAT(run_by(upload({"p.yml"})), testing::ElementsAre("web", "api", "docs"));
}

TEST_F(IfChangedDryRun, FetchesTheBaseWhenItIsTold) {
  git("clone -q --bare . origin.git && git remote add origin \"$PWD/origin.git\"");
  git("--git-dir origin.git update-ref refs/heads/main topic");
  EXPECT_THAT(run_by(upload({"p.yml"})), testing::ElementsAre("web", "api"));
  write("docs/d", "2");
  git("commit -qam third");
  EXPECT_THAT(run_by(upload({"p.yml", "--fetch-diff-base"})), testing::ElementsAre("docs"));
  std::filesystem::remove_all(directory_ / "origin.git");
  const auto printed = upload({"p.yml"}, {{"BUILDKITE_FETCH_DIFF_BASE", "true"}});
  EXPECT_THAT(printed.err, HasSubstr("origin/main could not be fetched"));
  EXPECT_THAT(run_by(printed), testing::ElementsAre("docs"));
}

TEST_F(IfChangedDryRun, TakesAListOfFilesInstead) {
  write("list", "docs/d\r\n\n  \n");
  EXPECT_THAT(run_by(upload({"p.yml", "--changed-files-path", "list"})),
              testing::ElementsAre("docs"));
  write("list", "\n");
  EXPECT_THAT(run_by(upload({"p.yml"}, {{"BUILDKITE_CHANGED_FILES_PATH", "list"}})),
              testing::IsEmpty());
  EXPECT_THAT(run_by(upload({"p.yml", "--changed-files-path", "nowhere"})),
              testing::ElementsAre("web", "api", "docs"));
}

TEST_F(DryRun, RefusesWhatComesLater) {
  write("p.yml", "- command: a\n");
  for (const char* flag : {"--jwks-file=k", "--signing-aws-kms-key=k"}) {
    const auto refused = upload({"p.yml", flag});
    EXPECT_EQ(refused.code, 1) << flag;
    EXPECT_THAT(refused.err, HasSubstr("not supported yet")) << flag;
  }
  EXPECT_EQ(upload({"p.yml"}, {{"BUILDKITE_AGENT_JWKS_FILE", "k"}}).code, 1);
  EXPECT_EQ(upload({"p.yml", "--reject-secrets", "--debug-signing"}).code, 0);
}

TEST_F(DryRun, RefusesFilesThatAreEmptyOrMissing) {
  write("p.yml", "");
  EXPECT_THAT(upload({"p.yml"}).err, HasSubstr("p.yml is empty"));
  EXPECT_EQ(upload({"none.yml"}).code, 1);
  EXPECT_EQ(upload({"--format", "xml", "p.yml"}).code, 2);
}

TEST_F(DryRun, IsNotNeededToSayThatThereIsNoServer) {
  write("p.yml", "- command: a\n");
  const auto lost =
      support::run_program({support::ostler_program(), "pipeline", "upload", "p.yml", "--job", "j"},
                           {{}, directory_.path()});
  EXPECT_EQ(lost.code, 1);
  EXPECT_THAT(lost.err, HasSubstr("BUILDKITE_AGENT_"));
}

class PipelineUpload : public testing::Test {
 protected:
  nlohmann::json run(const std::string& yaml) {
    slug_ = hub_.make_pipeline("p", "env: {BUILDKITE_SKIP_CHECKOUT: \"true\"}\n" + yaml);
    number_ = hub_.make_build(slug_, {{"PLACE", directory_.path().string()}});
    const auto build = hub_.finished_build(slug_, number_, 60s);
    EXPECT_TRUE(build) << agent_.program().err();
    return build.value_or(nlohmann::json::object());
  }
  std::string log(std::size_t job = 0) { return support::plain_log(hub_.log(slug_, number_, job)); }

  const support::TempDirectory directory_;
  support::HubProcess hub_{directory_.path()};
  support::AgentProcess agent_{hub_, directory_.path()};
  std::string slug_;
  int number_ = 0;
};

constexpr std::string_view kFirst = R"yaml(
env: {COLOUR: green}
steps:
  - {label: a, command: 'echo "a $$COLOUR" >> "$$PLACE/order"', key: a}
  - wait
  - {label: b, command: 'echo b >> "$$PLACE/order"', depends_on: a}
)yaml";

TEST_F(PipelineUpload, AddsTheStepsOfItsFilesInOrder) {
  ASSERT_TRUE(files::write_file_atomically(directory_ / "first.yml", kFirst));
  ASSERT_TRUE(files::write_file_atomically(
      directory_ / "second.yml", "- command: 'echo c >> \"$$PLACE/order\"'\n  label: c\n"));
  const auto build = run(R"yaml(
steps:
  - label: up
    command: |
      cd "$$PLACE"
      buildkite-agent pipeline upload first.yml second.yml && echo up >> order
  - wait
  - {label: last, command: 'echo last >> "$$PLACE/order"'}
)yaml");
  EXPECT_EQ(build["state"], "passed") << log();
  EXPECT_EQ(files::read_file(directory_ / "order").value(), "up\na green\nb\nc\nlast\n") << log();
  std::string labels;
  for (const auto& job : build["jobs"]) {
    labels += job["type"] == "waiter" ? "-" : job["name"].get<std::string>();
    labels += " ";
  }
  EXPECT_EQ(labels, "up a - b c - last ");
}

TEST_F(PipelineUpload, FailsItsStepWithTheServersReason) {
  const auto build = run(R"yaml(
steps:
  - command: "echo '[{command: a, checkout: {skip: maybe}}]' | buildkite-agent pipeline upload"
)yaml");
  EXPECT_EQ(build["state"], "failed");
  EXPECT_EQ(build["jobs"][0]["exit_status"], 1);
  EXPECT_THAT(log(), HasSubstr("pipeline upload rejected: found faults"));
  EXPECT_THAT(log(), HasSubstr("(stdin):1:32: skip must be true or false"));
}

}  // namespace
}  // namespace ostler
