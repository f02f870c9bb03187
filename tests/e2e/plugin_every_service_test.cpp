// SPDX-License-Identifier: Apache-2.0
// examples/plugins/every-service on a real hub and agent, and what each of its calls leaves.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <mutex>

#include "e2e/plugin_author.hpp"
#include "files/file.hpp"
#include "support/agent_process.hpp"
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

class EveryService : public testing::Test {
 protected:
  EveryService() {
    const fs::path source = std::getenv("OSTLER_SOURCE_DIR");
    const std::string built =
        author_.build(source / "examples/plugins/every-service", "every-service");
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
           registry_.url() + R"yaml(", key: REGISTRY_KEY, version: ")yaml" + version + "\"}\n";
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
  std::string log(int build, std::size_t job) const {
    return plain_log(hub_.log("app", build, job));
  }
  boost::asio::awaitable<ServerAnswer> answer(ServerRequest request) {
    const std::lock_guard lock(mutex_);
    seen_.push_back(std::move(request));
    co_return ServerReply{201, ""};
  }

  int number_ = 0;  ///< of the newest build
  const TempDirectory directory_;
  const Author author_;
  std::mutex mutex_;
  std::vector<ServerRequest> seen_;
  ScriptedServer registry_{[this](ServerRequest request) { return answer(std::move(request)); }};
  HubProcess hub_{directory_.path()};
  AgentProcess agent_{hub_, directory_.path()};
  Person person_{hub_, directory_.path()};
};

TEST_F(EveryService, DoesWhatItSays) {
  const json build = release("1.0");
  const std::string said = log(1, 0);
  for (const char* text :
       {"build 1 of app, attempt 1", "this is turn ", R"(notes: {"bytes":0,"hit":"none","key":[]})",
        "packed 1.0", R"("path":"release/list.txt")", "checked: 1.0",
        "the log hides [REDACTED] and [REDACTED]", "waiting for mirrors",
        "every-service#1.0.0 passed: release 1 as somebody"}) {
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

TEST_F(EveryService, KnowsWhatItDidBefore) {
  release("1.0");
  release("1.0");
  EXPECT_THAT(log(2, 0), HasSubstr(R"("hit":"exact")"));
  EXPECT_THAT(log(2, 0), HasSubstr("passed: release 2"));
  release("1.1");
  EXPECT_THAT(log(3, 0), HasSubstr(R"("hit":"fallback","key":["notes","1.0"])"));
  EXPECT_THAT(log(3, 0), HasSubstr("passed: release 3"));
}

}  // namespace
}  // namespace ostler::support
