// SPDX-License-Identifier: Apache-2.0
// Reports that step plugins hand in: real keepers, workers and boxes, a server of the test.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "integration/worker/plugin_jobs.hpp"
#include "support/child_program.hpp"

namespace ostler::worker {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kUnit =
    "<testsuite name='unit'><testcase classname='net' name='connects'/>"
    "<testcase classname='net' name='waits'><failure message='no answer'/></testcase>"
    "</testsuite>";

class PluginReport : public PluginJobs {
 protected:
  PluginReport() { permit(R"({"services": ["report"], "workspace": "read", "secrets": ["KEY"]})"); }

  /// A job in whose workspace is unit.xml, and that makes these calls.
  std::unique_ptr<DrivenJob> prepared(const std::string& script,
                                      const std::string& server = "") const {
    auto driven = calls(script);
    driven->env()["OSTLER_SERVER_SERVICES"] = server;
    fs::create_directories(driven->directory());
    std::ofstream(driven->directory() / "unit.xml") << kUnit;
    return driven;
  }
  FinishedJob finished(const std::string& script, const std::string& server = "") const {
    return prepared(script, server)->finish();
  }
};

TEST_F(PluginReport, IsALineOfTheLogWhereTheServerTakesNone) {
  const std::string script =
      R"(ostler.report/1/junit|unit|unit.xml\n)"
      R"(ostler.report/1/table|sizes|{\"columns\": [\"a\"], \"rows\": [[1], [null]]})";
  const FinishedJob job = finished(script);
  EXPECT_THAT(job.text, HasSubstr("# report junit unit: 1 of 2 failed: net.waits"));
  EXPECT_THAT(job.text, HasSubstr("# report table sizes: 2 rows of 1 column"));
  EXPECT_THAT(told_in(job), HasSubstr(R"("failures":1)"));
  EXPECT_THAT(told_in(job), HasSubstr(R"("message":"no answer")"));
  EXPECT_THAT(told_in(job), HasSubstr(R"(; 0 {"columns":["a"],"rows":[[1],[null]]})"));
  EXPECT_THAT(finished(script, "events").text, Not(HasSubstr("# report")));
}

TEST_F(PluginReport, IsNotNamedByASecret) {
  const FinishedJob job = finished(R"(ostler.secret/1/protect|hush-hush\n)"
                                   R"(ostler.report/1/junit|hush-hush|unit.xml)");
  EXPECT_THAT(told_in(job), HasSubstr("4 the name of a report has a secret of the job in it"));
}

/// A report whose only failure says so.
std::string report_of_failure(const std::string& message) {
  return "<testsuite><testcase name='t'><failure message='" + message +
         "'/></testcase></testsuite>";
}

TEST_F(PluginReport, TellsNoPartOfASecret) {
  const std::pair<std::string, const char*> messages[] = {
      {std::string(508, 'x') + "hush-hush", R"(x...")"},
      {"it is hush-&#10;hush", R"("message":"it is ...")"},
      {"it is first-part&#10;and its second", R"("message":"it is ...")"},
      {"it is hush-hush&#10;and more", R"("message":"it is [REDACTED]...")"},
      {"no answer&#10;at all", R"("message":"no answer...")"}};
  for (const auto& [message, told] : messages) {
    const auto driven = prepared(R"(ostler.secret/1/protect|hush-hush\n)"
                                 R"(ostler.report/1/junit|unit|unit.xml)");
    driven->env()["KEEP_SECRET"] = "first-part\nand its second";
    std::ofstream(driven->directory() / "unit.xml") << report_of_failure(message);
    const std::string answer = told_in(driven->finish());
    EXPECT_THAT(answer, HasSubstr(told)) << message;
    EXPECT_THAT(answer, Not(HasSubstr("hush-"))) << message;
    EXPECT_THAT(answer, Not(HasSubstr("first-part"))) << message;
  }
}

TEST_F(PluginReport, IsRefusedWhenItIsNone) {
  const std::pair<const char*, const char*> faults[] = {
      {R"(junit|Unit|unit.xml)", "7 the name of a report"},
      {R"(junit|unit)", "7 ostler.report/1/junit takes 2 arguments, not 1"},
      {R"(html|unit|unit.xml)", "3 this host has no call ostler.report/1/html"},
      {R"(junit|unit|none.xml)", "3 open "},
      {R"(junit|unit|/etc/passwd)", "7 /etc/passwd is neither in the workspace"},
      {R"(junit|unit|link.xml)", "7 link.xml leads out of "},
      {R"(junit|unit|.)", "7 . is no regular file"},
      {R"(coverage|unit|unit.xml)",
       "7 no coverage report: it begins with <testsuite>, and a Cobertura report with <coverage>"},
      {R"(sarif|unit|unit.xml)", "7 no sarif report: it is not JSON: fault at byte 1"},
      {R"(table|t|[])", R"(7 no table: it has "columns" and "rows")"},
      {R"(table|t|{\"columns\": [], \"rows\": []})", "7 no table: \"columns\" is a list of 1"},
      {R"(table|t|{\"columns\": [\"a\", 1], \"rows\": []})", "7 no table: \"columns\" is"},
      {R"(table|t|{\"columns\": [\"a\"], \"rows\": 1})", "7 no table: \"rows\" is a list"},
      {R"(table|t|{\"columns\": [\"a\"], \"rows\": [[1], [1, 2]]})", "7 no table: row 2 is no"},
      {R"(table|t|{\"columns\": [\"a\"], \"rows\": [[[]]]})", "7 "},
      {R"(table|t|{\"columns\": [\"a\"], \"rows\": [], \"more\": 1})", "7 no table: it has"},
      {R"(table|t|{\"columns\": [\"a\"], \"rows\": [[1e400]]})", "7 /rows/0/0: no JSON at byte"}};
  for (const auto& [call, answer] : faults) {
    const auto driven = prepared("ostler.report/1/" + std::string(call));
    fs::create_symlink("/etc/passwd", driven->directory() / "link.xml");
    EXPECT_THAT(driven->finish().text, HasSubstr("passed: " + std::string(answer))) << call;
  }
}

TEST_F(PluginReport, IsReadWithoutTheJobAndOnlyUntilItIsCancelled) {
  const auto driven = prepared("ostler.report/1/junit|unit|unit.xml");
  const fs::path built = fs::path(support::ostler_program()).parent_path().parent_path();
  const std::string host = built / "libexec/ostler/ostler-host";
  driven->use_host("[ \"$1\" = job-report ] || exec " + host +
                   " \"$@\"\necho \"reads with ${!BUILDKITE_*}nothing\" >&2\nsleep 600\n");
  fs::copy(built / "libexec/ostler/ostler-box",
           driven->directory().parent_path() / "install/libexec/ostler/ostler-box");
  driven->start();
  driven->await_output("reads with nothing");
  driven->cancel(supervise::CancelReason::UserCancel, std::chrono::seconds(20));
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_THAT(told_in(driven->finish()), HasSubstr("1 the job was cancelled"));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
}

TEST_F(PluginReport, IsBoundedInNumber) {
  std::string script;
  for (int i = 0; i < 101; ++i) {
    script += R"(ostler.report/1/table|t|{\"columns\": [\"a\"], \"rows\": []}\n)";
  }
  const FinishedJob job = finished(script, "events");
  EXPECT_THAT(job.text, HasSubstr("7 the job has handed in 100 reports already"));
}

}  // namespace
}  // namespace ostler::worker
