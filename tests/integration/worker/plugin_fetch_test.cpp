// SPDX-License-Identifier: Apache-2.0
// Jobs whose plugin comes from the hub: real keepers, workers and boxes, a hub that may be bad.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>

#include "crypto/digest.hpp"
#include "files/file.hpp"
#include "integration/worker/driven_job.hpp"
#include "plugin_host/lock_file.hpp"
#include "plugin_host/plugin_install.hpp"
#include "support/scripted_server.hpp"

namespace ostler::worker {
namespace {

namespace fs = std::filesystem;
using support::ServerAnswer;
using support::ServerReply;
using testing::HasSubstr;

/// A host without plugins, and a hub that has the zoo's.
class FetchedPlugin : public testing::Test {
 protected:
  FetchedPlugin() {
    const auto zoo = plugin_host::open_bundle(ZOO_DIRECTORY).value();
    locked_ = {"zoo", "1.0.0", plugin_host::own_platform(), zoo.sha256};
    EXPECT_TRUE(plugin_host::pack_bundle(zoo, directory_ / "archive"));
    archive_ = files::read_file(directory_ / "archive").value();
  }

  /// What a good hub answers.
  ServerAnswer good() const {
    return ServerReply{200, archive_, {{"Ostler-Archive-Sha256", crypto::sha256_hex(archive_)}}};
  }

  /// A job that runs the zoo's `pass`, with the hub's answers.
  FinishedJob run(const std::function<ServerAnswer(const support::ServerRequest&)>& hub,
                  DrivenJob::Variables more = {}) {
    const support::ScriptedServer server(
        [&](const support::ServerRequest& request) -> boost::asio::awaitable<ServerAnswer> {
          ++calls_;
          co_return hub(request);
        });
    more.try_emplace("BUILDKITE_PLUGINS", R"([{"ostler://zoo#1": {"do": "pass"}}])");
    more.try_emplace("OSTLER_PLUGIN_STORE", store_);
    more.try_emplace("OSTLER_PLUGIN_FETCH", "hub");
    more.try_emplace("BUILDKITE_AGENT_ENDPOINT", server.url() + "/v3");
    more.try_emplace("BUILDKITE_AGENT_ACCESS_TOKEN", "job-token");
    DrivenJob job("echo the shell ran", more);
    job.answer_with(
        [](const supervise::ApiRequest&) { return supervise::ApiReply{.status = 200}; });
    std::ofstream(job.directory() / "plugins.lock") << plugin_host::write_lock_file({locked_});
    return job.finish();
  }
  void expect_refused(const FinishedJob& job, const std::string& why) const {
    EXPECT_EQ(job.verdict.exit_status, 1);
    EXPECT_THAT(job.text, HasSubstr(why));
    EXPECT_FALSE(fs::exists(store_ / "zoo")) << "it is in the store all the same";
  }

  const support::TempDirectory directory_;
  const fs::path store_ = directory_ / "plugins";
  plugin_host::LockedPlugin locked_;
  std::string archive_;
  std::atomic<int> calls_ = 0;
};

TEST_F(FetchedPlugin, RunsAndStays) {
  std::string target;
  std::string token;
  const FinishedJob job = run([&](const support::ServerRequest& request) {
    target = request.target;
    token = request.headers.at("authorization");
    return good();
  });
  EXPECT_EQ(job.verdict.exit_status, 0) << job.text;
  EXPECT_EQ(target, "/v3/plugins/" + locked_.sha256 + "?platform=" + locked_.platform);
  EXPECT_EQ(token, "Token job-token");
  EXPECT_THAT(job.text, HasSubstr("fetched zoo#1.0.0 from the hub, "));
  EXPECT_THAT(job.text, testing::Not(HasSubstr("job-token")));
  EXPECT_EQ(run([&](const auto&) { return good(); }).verdict.exit_status, 0);
  EXPECT_EQ(calls_, 1) << "it was there";
}

TEST_F(FetchedPlugin, ComesAgainAfterAFaultThatMayHeal) {
  const FinishedJob job = run([&](const auto&) {
    if (calls_ == 1) return ServerAnswer(ServerReply{503, ""});
    if (calls_ == 2) return ServerAnswer(support::ResetReply());
    return good();
  });
  EXPECT_EQ(job.verdict.exit_status, 0) << job.text;
}

TEST_F(FetchedPlugin, ThatTheHubDoesNotHaveFailsByName) {
  expect_refused(run([](const auto&) { return ServerAnswer(ServerReply{404, "{}"}); }),
                 "ostler://zoo#1: fetch zoo#1.0.0 sha256:" + locked_.sha256 +
                     ": the hub has no such plugin; `ostler plugin publish` puts it there");
  EXPECT_EQ(calls_, 1);
}

TEST_F(FetchedPlugin, IsTheArchiveThatTheHubAnnounced) {
  expect_refused(
      run([&](const auto&) {
        return ServerAnswer(ServerReply{
            200, archive_ + "x", {{"Ostler-Archive-Sha256", crypto::sha256_hex(archive_)}}});
      }),
      "what came is not the archive that the hub announced");
  EXPECT_EQ(calls_, 3);
}

TEST_F(FetchedPlugin, IsTheOneThatIsLockedWhateverTheHubSays) {
  locked_.sha256.front() = locked_.sha256.front() == '0' ? '1' : '0';
  expect_refused(run([&](const auto&) { return good(); }), "it was not installed");
}

TEST_F(FetchedPlugin, TakesThePlaceOfOneThatMayNotRun) {
  const auto good_hub = [&](const auto&) { return good(); };
  ASSERT_EQ(run(good_hub).verdict.exit_status, 0);
  const auto damage = [&] {
    fs::permissions(store_ / "zoo/1.0.0/zoo.so", fs::perms::owner_all);
    std::ofstream(store_ / "zoo/1.0.0/zoo.so") << "damaged";
  };
  damage();
  const FinishedJob refused = run([](const auto&) { return ServerAnswer(ServerReply{404, "{}"}); });
  EXPECT_EQ(refused.verdict.exit_status, 1);
  EXPECT_THAT(refused.text, testing::AllOf(HasSubstr("zoo.so: its SHA-256 is"),
                                           HasSubstr("the hub has no such plugin")));
  EXPECT_EQ(run(good_hub, {{"OSTLER_PLUGIN_FETCH", "forbidden"}}).verdict.exit_status, 1);
  EXPECT_EQ(calls_, 2);
  const FinishedJob healed = run(good_hub);
  EXPECT_EQ(healed.verdict.exit_status, 0) << healed.text;
}

TEST_F(FetchedPlugin, ComesOnlyWhereServerAndOperatorHaveItSo) {
  const auto hub = [&](const auto&) { return good(); };
  expect_refused(run(hub, {{"OSTLER_PLUGIN_FETCH", "none"}}),
                 "the server of this agent has none to fetch");
  expect_refused(run(hub, {{"OSTLER_PLUGIN_FETCH", "forbidden"}}),
                 "this agent fetches none (no-plugin-fetch)");
  EXPECT_EQ(calls_, 0);
}

}  // namespace
}  // namespace ostler::worker
