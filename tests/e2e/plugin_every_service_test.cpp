// SPDX-License-Identifier: Apache-2.0
// examples/plugins/every-service on a real hub and agent, and what each of its calls leaves.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <mutex>

#include "e2e/plugin_author.hpp"
#include "files/file.hpp"
#include "support/agent_process.hpp"
#include "support/child_program.hpp"
#include "support/http_call.hpp"
#include "support/hub_process.hpp"
#include "support/person.hpp"
#include "support/scripted_server.hpp"

namespace ostler::support {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

/// Serves the list that lies where it runs.
constexpr const char* kMirror = R"py(
import socket
server = socket.socket(fileno=3)
while True:
    peer = server.accept()[0]
    peer.recv(4096)
    with open("list", "rb") as file:
        listed = file.read()
    peer.sendall(b"HTTP/1.0 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(listed), listed))
    peer.close()
)py";

class EveryService : public testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists("/usr/bin/python3")) GTEST_SKIP() << "no python3 here";
  }
  void TearDown() override {
    if (number_ == 0) return;
    const auto stopped = service({"stop", "mirror"});
    EXPECT_EQ(stopped.code, 0) << stopped.err;
  }

  static void SetUpTestSuite() {
    author = new Author;
    const fs::path source = std::getenv("OSTLER_SOURCE_DIR");
    built = author->build(source / "examples/plugins/every-service", "every-service");
  }
  static void TearDownTestSuite() {
    delete author;
    author = nullptr;
  }

  EveryService() {
    std::ofstream(directory_ / "mirror.py") << kMirror;
    fs::create_directories(directory_ / "state/plugins/every-service");
    fs::permissions(directory_ / "state", fs::perms::owner_all);
    fs::copy(built, directory_ / "state/plugins/every-service/1.0.0", fs::copy_options::recursive);
    person_.shell("echo a-thing-to-hide | ostler secret set REGISTRY_KEY");
  }

  std::string steps_of(const std::string& version) const {
    return R"yaml(
env: {BUILDKITE_SKIP_CHECKOUT: "true", BUILDKITE_AGENT_CACHE_STORE_URL: "file://)yaml" +
           (directory_ / "caches").string() + R"yaml("}
steps:
  - key: release
    plugins:
      - ostler://every-service#1: {url: ")yaml" +
           registry_.url() + R"yaml(", key: REGISTRY_KEY, version: ")yaml" + version +
           "\", mirror: [python3, " + (directory_ / "mirror.py").string() + "]}\n";
  }
  json release(const std::string& version) {
    const std::string pipelines = "/organizations/ostler/pipelines";
    if (number_ == 0) hub_.make_pipeline("app", steps_of(version));
    hub_.rest("PATCH", pipelines + "/app", {{"configuration", steps_of(version)}});
    hub_.make_build("app");
    const json build = hub_.finished_build("app", ++number_, 60s).value();
    EXPECT_EQ(build["state"], "passed") << build.dump(1) << log(number_, 0);
    return build;
  }
  ProgramResult service(std::vector<std::string> words) const {
    words.insert(words.begin(), {ostler_program(), "service"});
    return run_program(words,
                       {{{"OSTLER_AGENT_STATE_PATH", directory_ / "state"}}, directory_.path()});
  }
  std::string log(int build, std::size_t job) const {
    return plain_log(hub_.log("app", build, job));
  }
  boost::asio::awaitable<ServerAnswer> answer(ServerRequest request) {
    const std::lock_guard lock(mutex_);
    seen_.push_back(std::move(request));
    co_return ServerReply{201, ""};
  }

  static inline Author* author = nullptr;
  static inline std::string built;  ///< with the package that the author has installed

  int number_ = 0;  ///< of the newest build
  const TempDirectory directory_;
  std::mutex mutex_;
  std::vector<ServerRequest> seen_;
  ScriptedServer registry_{[this](ServerRequest request) { return answer(std::move(request)); }};
  HubProcess hub_{directory_.path()};
  AgentProcess agent_{
      hub_,
      directory_.path(),
      {"--plugin-services", "every-service", "--plugin-secrets-put", "every-service"}};
  Person person_{hub_, directory_.path()};
};

TEST_F(EveryService, DoesWhatItSays) {
  const json build = release("1.0");
  const std::string said = log(1, 0);
  for (const char* text :
       {"build 1 of app, attempt 1", "this step is running", "an earlier step: nothing",
        "this is turn ", R"(notes: {"bytes":0,"hit":"none","key":[]})", "packed 1.0",
        R"(checks: {"duration_ms":0,"errors":0,"failed":[],"failures":0,)", "digest ",
        R"("path":"release/list.txt")", "checked: 1.0", "the log hides [REDACTED] and [REDACTED]",
        "waiting for mirrors", "every-service#1.0.0 passed: release 1 as somebody"}) {
    EXPECT_THAT(said, HasSubstr(text));
  }
  EXPECT_THAT(said, Not(HasSubstr("a-thing-to-hide")));
  ASSERT_EQ(seen_.size(), 1u);
  EXPECT_EQ(seen_[0].headers["authorization"], "Bearer a-thing-to-hide");
  EXPECT_EQ(seen_[0].body, R"({"version": "1.0"})");
  EXPECT_EQ(build["meta_data"]["release"], "1.0");
  EXPECT_EQ(build["meta_data"]["ostler:release:release"], R"({"version":"1.0"})");
  ASSERT_EQ(build["jobs"].size(), 2u) << "the step that it added";
  EXPECT_THAT(log(1, 1), HasSubstr("1.0"));
  EXPECT_THAT(person_.said({"artifact", "list", "app/1"}), HasSubstr("release/list.txt"));
  const json notes =
      hub_.rest("GET", "/organizations/ostler/pipelines/app/builds/1/annotations").json();
  ASSERT_EQ(notes.size(), 1u);
  EXPECT_THAT(notes[0]["body_html"].get<std::string>(), HasSubstr("</strong> is release 1"));
}

TEST_F(EveryService, LeavesFiguresReportsAndAService) {
  const json build = release("1.0");
  const std::string told = person_.said({"job", "events", "app/1", "--step", "release"});
  for (const char* text : {"report   junit checks: 2 passed, 1 skipped\n",
                           "report   table files: 1 row of 2 columns\n", "metric   releases = 1\n",
                           "metric   packing = ", "output   mirror = \"127.0.0.1:"}) {
    EXPECT_THAT(told, HasSubstr(text));
  }
  const std::string address =
      json::parse(build["meta_data"]["ostler:release:mirror"].get<std::string>());
  EXPECT_EQ(http_call({"GET", "http://" + address + "/", {}, ""}).body, "1.0\n");
  EXPECT_THAT(service({"list"}).out, HasSubstr("mirror"));
  EXPECT_THAT(person_.said({"secret", "list"}), HasSubstr("RELEASE_RECEIPT"));
}

TEST_F(EveryService, KnowsWhatItDidBefore) {
  release("1.0");
  release("1.0");
  EXPECT_THAT(log(2, 0), HasSubstr(R"("hit":"exact")"));
  EXPECT_THAT(log(2, 0), HasSubstr("passed: release 2"));
  release("1.1");
  EXPECT_THAT(log(1, 0), HasSubstr("the last release here was none"));
  EXPECT_THAT(log(3, 0), HasSubstr("the last release here was 1.0"));
  EXPECT_THAT(log(3, 0), HasSubstr(R"("hit":"fallback","key":["notes","1.0"])"));
  EXPECT_THAT(log(3, 0), HasSubstr("passed: release 3"));
}

}  // namespace
}  // namespace ostler::support
