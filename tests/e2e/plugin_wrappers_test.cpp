// SPDX-License-Identifier: Apache-2.0
// What the wrappers of the SDK's languages do beyond single calls: attempts at a request, and the
// class of steps in C++.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <mutex>
#include <string>

#include "e2e/changed_plugin.hpp"
#include "support/scripted_server.hpp"

namespace ostler::support {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

/// A server that is busy at first, and what became of requests to it.
class BusyServer {
 public:
  /// Of a plugin that makes them. It says "PATH STATUS BODY" of each.
  void check(const ChangedPlugin& plugin) {
    const std::string said = plugin.run(server_.url());
    for (const char* line : {"/busy 200 <there>\n", "/reset 200 <there>\n", "/post 503 <>\n",
                             "/late 503 <>\n", "/none 404 <>\n"}) {
      EXPECT_THAT(said, HasSubstr(line));
    }
    const std::lock_guard lock(mutex_);
    const std::map<std::string, int> expected = {
        {"/busy", 2}, {"/reset", 2}, {"/post", 1}, {"/late", 1}, {"/none", 1}};
    EXPECT_EQ(requests_, expected);
  }

 private:
  boost::asio::awaitable<ServerAnswer> answer(ServerRequest request) {
    const std::lock_guard lock(mutex_);
    const std::string path = request.target;
    const int number = ++requests_[path];
    if (path == "/none") co_return ServerReply{404, ""};
    if (path == "/late") co_return ServerReply{503, "", {{"Retry-After", "3600"}}};
    if (number == 1 && path == "/reset") co_return ResetReply{};
    if (number == 1) co_return ServerReply{503, "", {{"retry-after", "1"}}};
    co_return ServerReply{200, "there"};
  }

  std::mutex mutex_;
  std::map<std::string, int> requests_;  ///< by path
  ScriptedServer server_{[this](ServerRequest request) { return answer(std::move(request)); }};
};

constexpr const char* kAsksThatServer = R"({"http": [{"config": "/name"}]})";

TEST(Http, IsTriedAgainFromPython) {
  if (!fs::exists("/usr/bin/python3")) GTEST_SKIP() << "no python3 here";
  BusyServer().check(ChangedPlugin("python", "__main__.py", R"py(import ostler_step


def asks(step):
    for path in ("/busy", "/reset", "/post", "/late", "/none"):
        method = "POST" if path == "/post" else "GET"
        with step.http(step.config("/name") + path, method, attempts=3) as answer:
            step.log(f"{path} {answer.status} <{answer.read().decode()}>")
    return ostler_step.passed("asked")


ostler_step.run("my-step", "1.0.0", asks)
)py",
                                   kAsksThatServer));
}

TEST(Http, IsTriedAgainFromCxx) {
  BusyServer().check(ChangedPlugin(
      "cpp", "plugin.cpp", R"cpp(#include <ostler/cpp/step_plugin.hpp>

                                 struct Config {
                                   std::string name;
                                   static Config read(const ostler::ConfigReader& reader) { return {reader.text("/name")}; }
                                 };

                                 static ostler::StepEnd run(const ostler::Services& services, const Config& config) {
                                   for (const std::string path : {"/busy", "/reset", "/post", "/late", "/none"}) {
                                     auto answer =
                                         services.http({.url = config.name + path,
                                                        .method = path == "/post" ? "POST" : "GET",
                                                        .most_attempts = 3});
                                     services.log(path + " " + std::to_string(answer.status()) + " <" + answer.text() + ">");
                                   }
                                   return ostler::passed("asked");
                                 }

                                 OSTLER_STEP_PLUGIN("my-step", "1.0.0", Config, run);
      )cpp",
      kAsksThatServer));
}

TEST(Http, IsTriedAgainFromRust) {
  if (run_program({"/bin/sh", "-c", "rustc --version"}).code != 0) GTEST_SKIP() << "no rustc here";
  BusyServer().check(ChangedPlugin("rust", "plugin.rs", R"rust(mod ostler;
use ostler::{End, Error, HttpRequest, Services};

fn run(services: &Services) -> Result<End, Error> {
    for path in ["/busy", "/reset", "/post", "/late", "/none"] {
        let url = services.text("/name")? + path;
        let method = if path == "/post" { "POST" } else { "GET" };
        let request = HttpRequest { url: &url, method, most_attempts: 3, ..Default::default() };
        let mut answer = services.http(&request)?;
        let body = String::from_utf8_lossy(&answer.body()?).into_owned();
        services.log(&format!("{path} {} <{body}>", answer.status));
    }
    Ok(End::passed("asked"))
}

step_plugin!("my-step", "1.0.0", run);
)rust",
                                   kAsksThatServer));
}

constexpr const char* kClass =
    R"cpp(#include <ostler/cpp/step_plugin.hpp>

#include <condition_variable>
#include <mutex>

          class Waits : public ostler::StepPlugin {
           public:
            explicit Waits(const ostler::ConfigReader& config) : name_(config.text("/name")) {}

            ostler::StepEnd run(const ostler::Services& services) override {
              auto key = ostler::tried([&] { return services.secret("KEY"); });
              services.log("key: " + std::to_string(key ? 0 : key.status()) + " " + key.message());
              services.log("set: " + std::to_string(ostler::tried([&] {
                                                      services.set_output("a", "1");
                                                    }).status()));
              services.log("name: " + *ostler::tried([&] { return services.config().text("/name"); }));
              if (name_ == "throws") throw std::string("no exception of the library");
              services.progress(100, "soon", "waiting", 2);
              std::unique_lock lock(mutex_);
              woken_.wait(lock, [this] { return reason_ != OSTLER_CANCEL_NONE; });
              return ostler::cancelled("woken for reason " + std::to_string(reason_));
            }

            void cancel(const ostler::Services& services, ostler_cancel_reason_t reason) noexcept override {
              services.log("told of it");
              const std::lock_guard lock(mutex_);
              reason_ = reason;
              woken_.notify_all();
            }

           private:
            std::string name_;
            std::mutex mutex_;
            std::condition_variable woken_;
            ostler_cancel_reason_t reason_ = OSTLER_CANCEL_NONE;
          };

          OSTLER_STEP_PLUGIN("my-step", Waits);
    )cpp";

TEST(Cxx, HasAClassThatIsToldOfACancel) {
  const ChangedPlugin plugin("cpp", "plugin.cpp", kClass, "{}");
  const std::string thrown = plugin.run("throws");
  EXPECT_THAT(thrown, HasSubstr("key: 6 this run has no service ostler.secret/1"));
  EXPECT_THAT(thrown, HasSubstr("set: 0\nname: throws\n"));
  EXPECT_THAT(thrown, HasSubstr("something was thrown that is no std::exception"));
  const std::string said = plugin.cancelled_at("soon");
  EXPECT_THAT(said, HasSubstr("told of it\n"));
  EXPECT_THAT(said, HasSubstr("cancelled: woken for reason 1\n"));
}

constexpr const char* kWithoutVersion = R"cpp(#include <ostler/cpp/step_plugin.hpp>

                                              struct Config {
                                                static Config read(const ostler::ConfigReader&) { return {}; }
                                              };

                                              static ostler::StepEnd run(const ostler::Services&, const Config&) { return ostler::passed("ran"); }

                                              OSTLER_STEP_PLUGIN("my-step", Config, run);
)cpp";

TEST(Cxx, TakesTheVersionOfTheManifest) {
  const std::string said = ChangedPlugin("cpp", "plugin.cpp", kWithoutVersion, "{}").run();
  EXPECT_THAT(said, HasSubstr("passed: ran\n"));
}

}  // namespace
}  // namespace ostler::support
