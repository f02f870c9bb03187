// SPDX-License-Identifier: Apache-2.0
// What blocks after a cancel, in the SDK's languages: nothing before begin_cleanup(), then all of
// it again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <string>

#include "e2e/changed_plugin.hpp"
#include "support/scripted_server.hpp"

namespace ostler::support {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr const char* kAsksIt = R"({"http": [{"config": "/name"}]})";

/// Of a plugin that says "waiting" and, once it is cancelled, what has become of its calls.
void check_cleanup(const ChangedPlugin& plugin) {
  std::atomic<int> requests = 0;
  ScriptedServer server([&](ServerRequest) -> boost::asio::awaitable<ServerAnswer> {
    co_return ServerReply{++requests == 1 ? 503 : 200, ""};
  });
  const std::string said = plugin.cancelled_at("waiting", server.url());
  for (const char* line : {"slept before: no\n", "slept in it: yes, for its time: yes\n",
                           "attempts: 3\n", "status: 200\n", "passed: cleaned up\n"}) {
    EXPECT_THAT(said, HasSubstr(line));
  }
  EXPECT_EQ(requests, 2);
}

TEST(Cleanup, WaitsAndTriesAgainFromPython) {
  if (!fs::exists("/usr/bin/python3")) GTEST_SKIP() << "no python3 here";
  check_cleanup(ChangedPlugin("python", "__main__.py", R"py(import ostler_step


def slept(step, seconds):
    return "no" if step.sleep(seconds) else "yes"


def attempts(step):
    def attempt(number):
        if number < 3:
            raise ostler_step.CallFailed(6, "away")
        return number
    return step.retry(attempt, 5, first_delay=0.1)


def cleans(step):
    step.begin_cleanup()
    step.log("waiting")
    step.sleep(60)
    step.log("slept before: " + slept(step, 0.01))
    step.begin_cleanup()
    begin = step.ticks()
    step.log(f"slept in it: {slept(step, 0.3)}, for its time: "
             + ("yes" if step.ticks() >= begin + 0.3 else "no"))
    step.log(f"attempts: {attempts(step)}")
    with step.http(step.config("/name"), attempts=4) as answer:
        step.log(f"status: {answer.status}")
    return ostler_step.passed("cleaned up")


ostler_step.run("my-step", "1.0.0", cleans)
)py",
                              kAsksIt));
}

constexpr const char* kCxx =
    R"cpp(#include <ostler/cpp/step_plugin.hpp>

          using namespace std::chrono_literals;

          struct Config {
            std::string name;
            static Config read(const ostler::ConfigReader& reader) { return {reader.text("/name")}; }
          };

          static int attempts(const ostler::Services& services) {
            int last = 0;
            services.retry({5, 100ms, 1s}, [&](int number) {
              last = number;
              if (number < 3) throw ostler::CallFailed(OSTLER_UNAVAILABLE, "away");
            });
            return last;
          }

          static std::string yes(bool is_so) { return is_so ? "yes" : "no"; }

          static ostler::StepEnd run(const ostler::Services& services, const Config& config) {
            services.begin_cleanup();
            services.log("waiting");
            (void)services.sleep(60s);
            services.log("slept before: " + yes(services.sleep(10ms)));
            services.begin_cleanup();
            const auto begin = services.ticks();
            const std::string slept = yes(services.sleep(300ms));
            const std::string whole = yes(services.ticks() >= begin + 300ms);
            services.log("slept in it: " + slept + ", for its time: " + whole);
            services.log("attempts: " + std::to_string(attempts(services)));
            auto answer = services.http({.url = config.name, .most_attempts = 4});
            services.log("status: " + std::to_string(answer.status()));
            return ostler::passed("cleaned up");
          }

          OSTLER_STEP_PLUGIN("my-step", "1.0.0", Config, run);
    )cpp";

TEST(Cleanup, WaitsAndTriesAgainFromCxx) {
  check_cleanup(ChangedPlugin("cpp", "plugin.cpp", kCxx, kAsksIt));
}

TEST(Cleanup, WaitsAndTriesAgainFromRust) {
  if (run_program({"/bin/sh", "-c", "rustc --version"}).code != 0) GTEST_SKIP() << "no rustc here";
  check_cleanup(ChangedPlugin("rust", "plugin.rs", R"rust(mod ostler;
use ostler::{End, Error, HttpRequest, Retries, Services, UNAVAILABLE};
use std::time::Duration;

fn yes(is_so: bool) -> &'static str {
    if is_so { "yes" } else { "no" }
}

fn attempts(services: &Services) -> Result<i32, Error> {
    let (first_delay, most_delay) = (Duration::from_millis(100), Duration::from_secs(1));
    let retries = Retries { most_attempts: 5, first_delay, most_delay };
    services.retry(&retries, |number| match number {
        3 => Ok(number),
        _ => Err(Error::new(UNAVAILABLE, "away")),
    })
}

fn run(services: &Services) -> Result<End, Error> {
    services.begin_cleanup();
    services.log("waiting");
    let _ = services.sleep(Duration::from_secs(60));
    let before = services.sleep(Duration::from_millis(10)).is_ok();
    services.log(&format!("slept before: {}", yes(before)));
    services.begin_cleanup();
    let (begin, time) = (services.ticks()?, Duration::from_millis(300));
    let slept = services.sleep(time).is_ok();
    let whole = services.ticks()? >= begin + time;
    services.log(&format!("slept in it: {}, for its time: {}", yes(slept), yes(whole)));
    services.log(&format!("attempts: {}", attempts(services)?));
    let url = services.text("/name")?;
    let request = HttpRequest { url: &url, most_attempts: 4, ..Default::default() };
    services.log(&format!("status: {}", services.http(&request)?.status));
    Ok(End::passed("cleaned up"))
}

step_plugin!("my-step", "1.0.0", run);
)rust",
                              kAsksIt));
}

}  // namespace
}  // namespace ostler::support
