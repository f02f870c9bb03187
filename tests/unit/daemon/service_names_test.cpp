// SPDX-License-Identifier: Apache-2.0
#include "daemon/service_names.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "daemon/service_check.hpp"
#include "files/file.hpp"
#include "support/temp_directory.hpp"

namespace ostler::daemon {
namespace {

namespace fs = std::filesystem;
using supervise::Service;
using supervise::ServiceSpec;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

Service service(const std::string& scope, const std::string& id, bool is_kept,
                std::int64_t promoted_at = 0) {
  Service one;
  one.spec.id = id;
  one.spec.name = id.substr(0, id.find('.'));
  one.spec.scope = scope;
  one.spec.plugin = "deploy#1.0.0";
  one.is_kept = is_kept;
  one.state.is_promoted = promoted_at > 0;
  one.state.promoted_at = {promoted_at};
  return one;
}

std::vector<std::string> ids(const std::vector<Service>& services) {
  std::vector<std::string> all;
  for (const Service& one : services) all.push_back(one.spec.id);
  return all;
}

TEST(ServiceNames, LeaveOneOfThoseThatWerePromoted) {
  const std::vector<Service> all = {
      service("a/x", "web.00000001", true, 1), service("a/x", "web.00000002", true, 2),
      service("a/x", "web.00000003", true),    service("a/x", "web.00000004", false, 9),
      service("a/y", "web.00000005", true, 1), service("a/x", "api.00000006", true, 1)};
  EXPECT_THAT(ids(outdated(all)), ElementsAre("web.00000001"));
  EXPECT_THAT(ids(living_named(all, "a/x", "web")),
              ElementsAre("web.00000001", "web.00000002", "web.00000003"));
}

TEST(ServiceNames, BelongToAPluginOfWhateverVersion) {
  const Service one = service("a/x", "web.00000001", true);
  EXPECT_TRUE(check_owner(one, "deploy#2.0.0"));
  EXPECT_FALSE(check_owner(one, "deploy-more#1.0.0"));
}

TEST(ServiceNames, DoNotHearAnotherServiceAnswerForTheirs) {
  std::vector<Service> all = {service("a/x", "web.00000001", true, 1),
                              service("a/y", "api.00000002", true)};
  all[0].state.address = "unix:web.sock";
  all[1].state.address = "127.0.0.1:8080";
  Service next = service("a/x", "web.00000003", true);
  next.spec.address = "unix:web.sock";
  EXPECT_THAT(check_address(all, next.spec).error().message(), HasSubstr("web.00000001 listens"));
  next.spec.scope = "a/z";
  EXPECT_TRUE(check_address(all, next.spec)) << "the socket is in the directory of the name";
  next.spec.address = "127.0.0.1:8080";
  EXPECT_FALSE(check_address(all, next.spec));
  next.spec.scope = "a/y";
  next.spec.name = "api";
  EXPECT_TRUE(check_address(all, next.spec)) << "that one was never promoted, and is told to end";
  all[1].state.is_promoted = true;
  EXPECT_FALSE(check_address(all, next.spec));
  all[1].is_kept = false;
  EXPECT_TRUE(check_address(all, next.spec));
}

TEST(ServiceNames, KeepTheLastThatEndedToBeLookedAt) {
  const support::TempDirectory root;
  const std::vector<Service> all = {
      service("a/x", "web.00000001", false), service("a/x", "web.00000002", true),
      service("a/x", "api.00000003", false), service("a/x", "api.00000004", false)};
  for (const auto& id : ids(all)) fs::create_directory(root / id);
  ServiceSpec next;
  next.scope = "a/x";
  next.name = "web";
  ASSERT_TRUE(forget_ended(root.path(), all, next));
  EXPECT_FALSE(fs::exists(root / "web.00000001"));
  EXPECT_TRUE(fs::exists(root / "web.00000002")) << "it lives";
  EXPECT_FALSE(fs::exists(root / "api.00000003"));
  EXPECT_TRUE(fs::exists(root / "api.00000004"));
}

TEST(ServiceNames, LoseTheirFilesAMonthAfterTheirLastUse) {
  const support::TempDirectory directory;
  const SystemClock clock;
  const auto state = StateDirectory::open(directory / "state", clock).value();
  const fs::path web = place_of(state, "a/x", "web").value();
  const fs::path api = place_of(state, "a/x", "api").value();
  std::ofstream(web / "data") << "x";
  const std::vector<Service> all = {service("a/x", "api.00000001", true),
                                    service("a/x", "web.00000002", false)};
  ASSERT_TRUE(clear_places(state, all, clock.now() + std::chrono::days(29)));
  EXPECT_TRUE(fs::exists(web / "data"));
  const auto days_ago = fs::file_time_type::clock::now() - std::chrono::days(31);
  for (const fs::path& place : {web, api}) fs::last_write_time(place, days_ago);
  EXPECT_EQ(place_of(state, "a/x", "web").value(), web) << "it is used again";
  ASSERT_TRUE(clear_places(state, all, clock.now()));
  EXPECT_TRUE(fs::exists(web / "data"));
  fs::last_write_time(web, days_ago);
  fs::last_write_time(api, days_ago);
  ASSERT_TRUE(clear_places(state, all, clock.now()));
  EXPECT_FALSE(fs::exists(web));
  EXPECT_TRUE(fs::exists(api)) << "its service lives";
  ASSERT_TRUE(clear_places(state, {}, clock.now() + std::chrono::days(29)));
  EXPECT_TRUE(fs::exists(api)) << "the service that lived was its last use";
}

TEST(ServiceNames, KeepFilesOfAServiceThatRanLongAndHasJustEnded) {
  const support::TempDirectory directory;
  const SystemClock clock;
  const auto state = StateDirectory::open(directory / "state", clock).value();
  const auto days_ago = fs::file_time_type::clock::now() - std::chrono::days(45);
  std::vector<Service> all = {service("a/x", "stopped.00000001", false),
                              service("a/x", "lost.00000002", false),
                              service("a/x", "old.00000003", false)};
  all[0].state.since = clock.now() + -std::chrono::days(1);
  all[1].is_newly_lost = true;
  all[2].state.since = clock.now() + -std::chrono::days(40);
  std::vector<bool> stays;
  std::vector<fs::path> places;
  for (const Service& one : all) {
    places.emplace_back(place_of(state, one.spec.scope, one.spec.name).value());
    fs::last_write_time(places.back(), days_ago);
  }
  ASSERT_TRUE(clear_places(state, all, clock.now()));
  for (const fs::path& place : places) stays.push_back(fs::exists(place));
  EXPECT_THAT(stays, ElementsAre(true, true, false));
  ASSERT_TRUE(clear_places(state, {}, clock.now() + std::chrono::days(28)));
  EXPECT_TRUE(fs::exists(places[0])) << "that of yesterday has its month";
}

ServiceSpec good() {
  ServiceSpec spec;
  spec.name = "web";
  spec.scope = "a/x";
  spec.plugin = "deploy#1.0.0";
  spec.arguments = {"serve"};
  spec.takes_listener = true;
  spec.probe = supervise::ServiceProbe::Http;
  spec.probe_path = "/health";
  return spec;
}

TEST(ServiceCheck, SaysWhatIsWrong) {
  using Change = void (*)(ServiceSpec&);
  const std::pair<Change, const char*> kWrong[] = {
      {[](ServiceSpec& spec) { spec.name = "../web"; }, "the name of a service"},
      {[](ServiceSpec& spec) { spec.scope = ""; }, "no pipeline"},
      {[](ServiceSpec& spec) { spec.arguments = {""}; }, "without a program"},
      {[](ServiceSpec& spec) { spec.arguments.assign(129, "a"); }, "at most 128"},
      {[](ServiceSpec& spec) { spec.arguments.emplace_back(200'000, 'a'); }, "128 KiB"},
      {[](ServiceSpec& spec) { spec.arguments.emplace_back("a\0b", 3); }, "NUL"},
      {[](ServiceSpec& spec) { spec.environment = {"A"}; }, "NAME=VALUE"},
      {[](ServiceSpec& spec) { spec.environment = {"LISTEN_PID=1"}; }, "set by the host"},
      {[](ServiceSpec& spec) { spec.address = "127.0.0.1:1"; }, "not both"},
      {[](ServiceSpec& spec) { spec.takes_listener = false; }, "without a listener"},
      {[](ServiceSpec& spec) { spec.probe_interval = std::chrono::milliseconds(99); }, "interval"},
      {[](ServiceSpec& spec) { spec.probe_threshold = 0; }, "threshold"},
      {[](ServiceSpec& spec) { spec.probe = supervise::ServiceProbe::Tcp; }, "probed by tcp"},
      {[](ServiceSpec& spec) { spec.probe_path = "/a HTTP/1.0\r\nX: y"; }, "path of a probe"}};
  EXPECT_TRUE(check_service(good()));
  for (const auto& [change, said] : kWrong) {
    ServiceSpec spec = good();
    change(spec);
    const auto checked = check_service(spec);
    ASSERT_FALSE(checked) << said;
    EXPECT_THAT(checked.error().message(), HasSubstr(said));
  }
}

TEST(ServiceCheck, GivesASmallBaseUnlessItWasGiven) {
  ::setenv("OF_THE_AGENT_ALONE", "1", 1);
  ServiceSpec spec = good();
  spec.environment = {"PATH=/opt/bin"};
  spec.directory = "/there";
  const auto entries = service_environment(spec);
  EXPECT_THAT(entries, Contains("PATH=/opt/bin"));
  EXPECT_THAT(entries, Contains("OSTLER_SERVICE_DIRECTORY=/there"));
  EXPECT_THAT(entries, Not(Contains(HasSubstr("OF_THE_AGENT_ALONE"))));
  EXPECT_THAT(entries, Not(Contains(HasSubstr("PATH=/usr"))));
}

}  // namespace
}  // namespace ostler::daemon
