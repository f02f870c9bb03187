// SPDX-License-Identifier: Apache-2.0
// Which attempts at a request the wrappers of the SDK's languages make, and when: the same in all.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "e2e/changed_plugin.hpp"
#include "support/scripted_server.hpp"

namespace ostler::support {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::HasSubstr;

constexpr const char* kAsksThem = R"({"http": [{"config": "/name"}, "a.example", "hub:"]})";

json busy_answer(const std::string& retry_after) {
  return {{"status", 503}, {"headers", {{"Retry-After", retry_after}}}};
}

/// What servers of the case answer, in this order.
std::string exchanges() {
  json all = json::array();
  const auto add = [&](const std::string& path, const json& response, const char* method = "GET") {
    all.push_back({{"request", {{"method", method}, {"url", "https://a.example" + path}}},
                   {"response", response}});
  };
  const json there = {{"status", 200}};
  add("/years", busy_answer("999999999"));
  add("/ages", busy_answer(std::string(5000, '9')));
  add("/fine", {{"status", 200}, {"headers", {{"Retry-After", std::string(5000, '9')}}}});
  add("/minutes", busy_answer("600"));
  add("/minutes", there);
  for (int i = 0; i < 20; ++i) add("/often", busy_answer("0"));
  add("/often", there);
  add("/post", busy_answer("1"), "POST");
  add("/post", there, "POST");
  return all.dump();
}

/// Of a plugin that says "PATH STATUS after MS ms" of each, and of hub: the status of the failure.
void check_case(const ChangedPlugin& plugin) {
  const std::string said = plugin.said_in_case("https://a.example", exchanges());
  for (const char* line :
       {"/years 503 after 0 ms\n", "/ages 503 after 0 ms\n", "/fine 200 after 0 ms\n",
        "/minutes 200 after 600000 ms\n", "/often 200 after 685250 ms\n",
        "/post 200 after 1250 ms\n", "hub: 6 after 0 ms\n", "passed: asked\n"}) {
    EXPECT_THAT(said, HasSubstr(line));
  }
}

/// Of the same plugin: asked by a name with http:, it says "asking" before and how it ended.
void check_cancel(const ChangedPlugin& plugin) {
  ScriptedServer server([](ServerRequest) -> boost::asio::awaitable<ServerAnswer> {
    co_return ServerReply{503, "", {{"Retry-After", "500"}}};
  });
  EXPECT_THAT(plugin.cancelled_at("asking", server.url()), HasSubstr("ended with 1\n"));
}

TEST(Attempts, AreMadeInTimeFromPython) {
  if (!fs::exists("/usr/bin/python3")) GTEST_SKIP() << "no python3 here";
  const ChangedPlugin plugin("python", "__main__.py", R"py(import ostler_step


def ask(step, url, **more):
    begin = step.ticks()
    try:
        with step.http(url, attempts=21, total=0, **more) as answer:
            status = answer.status
    except ostler_step.CallFailed as failure:
        status = failure.status
    return status, round((step.ticks() - begin) * 1000)


def asks(step):
    name = step.config("/name")
    if name.startswith("http:"):
        step.log("asking")
        step.log(f"ended with {ask(step, name)[0]}")
        return ostler_step.passed("asked")
    for path in ("/years", "/ages", "/fine", "/minutes", "/often"):
        step.log("%s %d after %d ms" % (path, *ask(step, name + path)))
    step.log("/post %d after %d ms" % ask(step, name + "/post", method="POST", repeats_all=True))
    step.log("hub: %d after %d ms" % ask(step, "hub:/v3/jobs/1"))
    return ostler_step.passed("asked")


ostler_step.run("my-step", "1.0.0", asks)
)py",
                             kAsksThem);
  check_case(plugin);
  check_cancel(plugin);
}

TEST(Attempts, AreMadeInTimeFromCxx) {
  const ChangedPlugin plugin("cpp", "plugin.cpp",
                             R"cpp(#include <ostler/cpp/step_plugin.hpp>

                                   struct Config {
                                     std::string name;
                                     static Config read(const ostler::ConfigReader& reader) { return {reader.text("/name")}; }
                                   };

                                   static std::string ask(const ostler::Services& services,
                                                          const std::string& url,
                                                          const char* method = "GET") {
                                     const auto begin = services.ticks();
                                     int status = 0;
                                     try {
                                       status = services
                                                    .http({.url = url,
                                                           .method = method,
                                                           .total = std::chrono::nanoseconds(0),
                                                           .most_attempts = 21,
                                                           .repeats_all = true})
                                                    .status();
                                     } catch (const ostler::CallFailed& failure) {
                                       status = failure.status();
                                       if (url.starts_with("http:")) return std::to_string(status);
                                     }
                                     const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(services.ticks() - begin);
                                     return std::to_string(status) + " after " + std::to_string(ms.count()) + " ms";
                                   }

                                   static ostler::StepEnd run(const ostler::Services& services, const Config& config) {
                                     if (config.name.starts_with("http:")) {
                                       services.log("asking");
                                       services.log("ended with " + ask(services, config.name));
                                       return ostler::passed("asked");
                                     }
                                     for (const std::string path : {"/years", "/ages", "/fine", "/minutes", "/often"}) {
                                       services.log(path + " " + ask(services, config.name + path));
                                     }
                                     services.log("/post " + ask(services, config.name + "/post", "POST"));
                                     services.log("hub: " + ask(services, "hub:/v3/jobs/1"));
                                     return ostler::passed("asked");
                                   }

                                   OSTLER_STEP_PLUGIN("my-step", "1.0.0", Config, run);
                             )cpp",
                             kAsksThem);
  check_case(plugin);
  check_cancel(plugin);
}

TEST(Attempts, AreMadeInTimeFromRust) {
  if (run_program({"/bin/sh", "-c", "rustc --version"}).code != 0) GTEST_SKIP() << "no rustc here";
  const ChangedPlugin plugin("rust", "plugin.rs", R"rust(mod ostler;
use ostler::{End, Error, HttpRequest, Services};
use std::time::Duration;

fn ask(services: &Services, url: &str, method: &str) -> Result<(i32, u128), Error> {
    let begin = services.ticks()?;
    let (total, most_attempts) = (Duration::ZERO, 21);
    let request =
        HttpRequest { url, method, total, most_attempts, repeats_all: true, ..Default::default() };
    let status = match services.http(&request) {
        Ok(answer) => i32::from(answer.status),
        Err(error) => error.status,
    };
    Ok((status, (services.ticks()? - begin).as_millis()))
}

fn run(services: &Services) -> Result<End, Error> {
    let name = services.text("/name")?;
    if name.starts_with("http:") {
        services.log("asking");
        services.log(&format!("ended with {}", ask(services, &name, "GET")?.0));
        return Ok(End::passed("asked"));
    }
    for path in ["/years", "/ages", "/fine", "/minutes", "/often"] {
        let (status, ms) = ask(services, &format!("{name}{path}"), "GET")?;
        services.log(&format!("{path} {status} after {ms} ms"));
    }
    let (status, ms) = ask(services, &format!("{name}/post"), "POST")?;
    services.log(&format!("/post {status} after {ms} ms"));
    let (status, ms) = ask(services, "hub:/v3/jobs/1", "GET")?;
    services.log(&format!("hub: {status} after {ms} ms"));
    Ok(End::passed("asked"))
}

step_plugin!("my-step", "1.0.0", run);
)rust",
                             kAsksThem);
  check_case(plugin);
  check_cancel(plugin);
}

}  // namespace
}  // namespace ostler::support
