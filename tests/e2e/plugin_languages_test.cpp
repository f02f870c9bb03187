// SPDX-License-Identifier: Apache-2.0
// What the wrappers of the SDK's languages do with services, run for real.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <regex>
#include <string>

#include "e2e/plugin_author.hpp"
#include "files/file.hpp"
#include "support/child_program.hpp"
#include "support/scripted_server.hpp"
#include "support/temp_directory.hpp"
#include "support/wait_until.hpp"

namespace ostler::support {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

/// A plugin of the template in `language`, called my-step, of other source and permissions.
class Changed {
 public:
  Changed(const std::string& language, const std::string& file, const std::string& source,
          const std::string& permissions) {
    const auto made =
        run_program({ostler_program(), "plugin", "new", "my-step", "--lang", language},
                    {{}, fs::path(author_ / "").parent_path()});
    EXPECT_EQ(made.code, 0) << made.err;
    std::ofstream(author_ / ("my-step/" + file)) << source;
    const std::string manifest = files::read_file(author_ / "my-step/plugin.json").value();
    const std::string none = R"("permissions": {})";
    const std::size_t at = manifest.find(none);
    EXPECT_NE(at, manifest.npos) << manifest;
    std::ofstream(author_ / "my-step/plugin.json")
        << manifest.substr(0, at) << R"("permissions": )" << permissions
        << manifest.substr(at + none.size());
    built_ = author_.build(author_ / "my-step", "my-step");
  }

  std::string run(const std::string& name = "world") const {
    const ProgramOptions options{{{"XDG_STATE_HOME", author_ / "home"}}, author_ / "my-step"};
    std::ofstream(author_ / "config.json") << R"({"name": ")" << name << "\"}";
    const auto ran = run_program(
        {ostler_program(), "plugin", "run", built_, "--config", author_ / "config.json"}, options);
    return ran.out + ran.err;
  }

  /// Interrupts it as soon as it has said that.
  std::string cancelled_at(const std::string& text) const {
    const ProgramOptions options{{{"XDG_STATE_HOME", author_ / "home"}}, author_ / "my-step"};
    std::ofstream(author_ / "config.json") << R"({"name": "world"})";
    const TempDirectory output;
    ChildProgram run(
        {ostler_program(), "plugin", "run", built_, "--config", author_ / "config.json"},
        output.path(), options);
    const auto said = [&] { return run.out() + run.err(); };
    EXPECT_TRUE(wait_until(std::chrono::seconds(60), [&] {
      return said().find(text) != std::string::npos;
    })) << said();
    run.signal(SIGINT);
    EXPECT_TRUE(run.wait(std::chrono::seconds(60))) << said();
    return said();
  }

  /// What addr2line says of an offset: "plugin.cpp:700".
  std::string line_at(const std::string& offset) const {
    return run_program({"/bin/sh", "-c", "addr2line -s -e \"$0\" \"$1\"",
                        fs::path(built_) / "my-step.so", offset})
        .out;
  }

 private:
  Author author_;
  std::string built_;
};

constexpr const char* kRust = R"rust(mod ostler;
use ostler::{Command, End, Error, Retries, Services, OK, TIMEOUT, UNAVAILABLE};
use std::time::Duration;

const XML: &str = r#"<testsuite name="s"><testcase name="a"/><testcase name="b"><failure/></testcase>
</testsuite>"#;

fn figures(services: &Services) -> Result<(), Error> {
    services.count("files", 3)?;
    services.duration("packing", Duration::from_millis(1500))?;
    services.cost("storage", "0.25", "USD")?;
    let path = format!("{}/junit.xml", services.host_directory()?);
    std::fs::write(&path, XML).map_err(|error| error.to_string())?;
    let summary = services.junit("checks", &path)?;
    services.log(&format!("kept {summary}"));
    services.report_table("sizes", r#"{"columns": ["file"], "rows": [["a"]]}"#)
}

fn programs(services: &Services) -> Result<(), Error> {
    let arguments: &[&str] = &["sh", "-c", "printf '\\377\\n'; exit 3"];
    let end = services.run_command(&Command { arguments, read_output: true, ..Default::default() })?;
    services.log(&format!("ran {} {:?}", end.exit_status, end.output));
    let cat = services.start_command(&Command {
        arguments: &["cat"],
        open_input: true,
        read_output: true,
        ..Default::default()
    })?;
    cat.write(b"to the cat")?;
    cat.close_input()?;
    services.log(&format!("the cat said {}", String::from_utf8_lossy(&cat.read_output()?)));
    let status = cat.wait(Duration::ZERO)?.exit_status;
    services.log(&format!("the cat left with {status}"));
    Ok(())
}

fn values(services: &Services) -> Result<(), Error> {
    let lock = services.lock("turn", Some(Duration::from_secs(5)))?;
    services.log(&format!("fence {}", lock.fence > 0));
    drop(lock);
    services.lock("turn", Some(Duration::ZERO))?;
    let revision = services.set_state(ostler::HOST_SCOPE, "turns", "one\ntwo", Some(0))?;
    let (value, kept) = services.state(ostler::HOST_SCOPE, "turns")?.ok_or("nothing was kept")?;
    services.log(&format!("state {value:?} {}", kept == revision));
    let none = services.state(ostler::HOST_SCOPE, "others")?;
    services.log(&format!("others {none:?}, {:?}", services.variable("NO_SUCH_VARIABLE")?));
    Ok(())
}

fn tries(services: &Services) -> Result<i32, Error> {
    let ns = Duration::from_nanos(1);
    let retries = Retries { most_attempts: 4, first_delay: ns, most_delay: ns };
    let lost = services.retry(&retries, |number| -> Result<(), Error> {
        Err(Error::new(TIMEOUT, &format!("late {number}")))
    });
    services.log(&format!("after {:?}", lost.map_err(|error| error.message)));
    services.retry(&retries, |number| match number {
        3 => Ok(number),
        _ => Err(Error::new(UNAVAILABLE, "away")),
    })
}

fn run(services: &Services) -> Result<End, Error> {
    figures(services)?;
    programs(services)?;
    values(services)?;
    services.log(&format!("{} attempts", tries(services)?));
    services.log(&format!("others {}", services.outcome("x").unwrap_err().message));
    services.log(&format!("theirs {:?}", services.output_of("x", "y").map_err(|why| why.status)));
    services.log(&format!("job {:?}", services.facts()?.parallel_job_count));
    let error = services.junit("checks", "/etc/passwd").unwrap_err();
    services.log(&format!("refused {}", error.status != OK));
    let missing = services.meta_data("key").unwrap_err();
    services.log(&format!("{}: {}", missing.status, missing.message));
    let text = services.json("")?;
    Ok(End { hint: "look".into(), detail: text, ..End::failed("no", "did all of it") })
}

step_plugin!("my-step", "1.0.0", run);
)rust";

TEST(Rust, HasTheServicesThatAManifestMayAskFor) {
  if (run_program({"/bin/sh", "-c", "rustc --version"}).code != 0) GTEST_SKIP() << "no rustc here";
  const Changed plugin("rust", "plugin.rs", kRust,
                       R"({"services": ["metric", "report", "lock", "state"], "commands": "host",
          "host_directory": "write"})");
  const std::string said = plugin.run();
  for (const char* line :
       {"kept {\"duration_ms\":", "ran 3 [255, 10]\n", "the cat said to the cat\n",
        "the cat left with 0\n", "fence true\n", "state \"one\\ntwo\" true\n",
        "others None, None\n", "after Err(\"late 4\")\n", "3 attempts\n", "refused true\n",
        "others this run is outside any build, which has no other steps: ostler.job/1/outcome\n",
        "theirs Err(6)\n", "job \"\"\n",
        "6: this run has no service ostler.meta-data/1; ask for it in plugin.json: "
        "\"permissions\": "
        "{\"services\": [\"meta-data\"]}\n",
        "detail {\"name\":\"world\"}\n", "failed (no): did all of it; look\n"}) {
    EXPECT_THAT(said, HasSubstr(line));
  }
}

constexpr const char* kCpp =
    R"cpp(#include <ostler/cpp/step_plugin.hpp>

          struct Nothing {
            static Nothing read(const ostler::ConfigReader&) { return {}; }
          };

          static std::string tries(const ostler::Services& services, int most, ostler_status_t status) {
            const std::chrono::nanoseconds ns(1);
            int last = 0;
            try {
              services.retry({most, ns, ns}, [&](int number) {
                last = number;
                if (number < 3) throw ostler::CallFailed(status, "away " + std::to_string(number));
              });
              return "done at " + std::to_string(last);
            } catch (const ostler::CallFailed& failure) {
              return failure.what();
            }
          }

          static ostler::StepEnd run(const ostler::Services& services, const Nothing&) {
            services.log("few: " + tries(services, 2, OSTLER_TIMEOUT));
            services.log("enough: " + tries(services, 3, OSTLER_UNAVAILABLE));
            services.log("other: " + tries(services, 3, OSTLER_DENIED));
            services.log("none: " + tries(services, 0, OSTLER_DENIED));
            try {
              (void)services.output("other", "image");
            } catch (const ostler::CallFailed& failure) {
              services.log("theirs: " + std::to_string(failure.status()));
            }
            return ostler::passed(services.deadline() ? "cancelled" : "no deadline");
          }

          OSTLER_STEP_PLUGIN("my-step", "1.0.0", Nothing, run);
    )cpp";

TEST(Cxx, TriesAgainWhatWasOutOfReach) {
  const std::string said = Changed("cpp", "plugin.cpp", kCpp, "{}").run();
  for (const char* line :
       {"few: away 2\n", "enough: done at 3\n", "other: away 1\n",
        "none: no such number of attempts, or delay\n", "theirs: 6\n", "passed: no deadline\n"}) {
    EXPECT_THAT(said, HasSubstr(line));
  }
}

constexpr const char* kCrashing = R"cpp(#include <ostler/cpp/step_plugin.hpp>

#include <cstdlib>

                                        namespace engine {

                                        struct Cylinder {
                                          [[gnu::noinline]] int fire(int* spark) const {
#line 700
                                            *static_cast<volatile int*>(spark) = 1;
                                            return *spark;
                                          }
                                        };

                                        [[noreturn, gnu::noinline]] void seize(const std::string& why) {
                                          std::fputs(why.c_str(), stderr);
#line 800
                                          std::abort();
                                        }

                                        }  // namespace engine

                                        struct Config {
                                          std::string name;
                                          static Config read(const ostler::ConfigReader& reader) { return {reader.text("/name")}; }
                                        };

                                        static ostler::StepEnd run(const ostler::Services&, const Config& config) {
                                          if (config.name == "seize") engine::seize("no oil\n");
                                          return ostler::passed(std::to_string(engine::Cylinder().fire(nullptr)));
                                        }

                                        OSTLER_STEP_PLUGIN("my-step", "1.0.0", Config, run);
)cpp";

TEST(Cxx, IsToldTheFunctionAndTheLineOfACrash) {
  const Changed plugin("cpp", "plugin.cpp", kCrashing, "{}");
  const auto matched = [](const std::string& said, const char* pattern) {
    std::smatch match;
    EXPECT_TRUE(std::regex_search(said, match, std::regex(pattern))) << said;
    return match.size() > 1 ? match[1].str() : "";
  };
  const std::string at = matched(
      plugin.run(), R"(SIGSEGV at my-step\.so\+(0x[0-9a-f]+) in engine::Cylinder::fire\(int\*\))");
  EXPECT_EQ(plugin.line_at(at), "plugin.cpp:700\n");
  const std::string from = matched(
      plugin.run("seize"), R"(SIGABRT at libc.*, called from my-step\.so\+(0x[0-9a-f]+) in )"
                           R"(engine::seize\(std::.*string.* const&\))");
  EXPECT_EQ(plugin.line_at(from), "plugin.cpp:800\n");
}

constexpr const char* kPython = R"py(from ostler_step import CallFailed, passed, run

def tries(step, most, status):
    def attempt(number):
        if number < 3:
            raise CallFailed(status, f"away {number}")
        return f"done at {number}"
    try:
        return step.retry(attempt, most, first_delay=0.001)
    except CallFailed as failure:
        return str(failure)

def main(step):
    step.log(f"few: {tries(step, 2, 2)}")
    step.log(f"enough: {tries(step, 3, 6)}")
    step.log(f"other: {tries(step, 3, 4)}")
    return passed("tried")

run("my-step", "1.0.0", main)
)py";

TEST(Python, TriesAgainWhatWasOutOfReach) {
  if (!fs::exists("/usr/bin/python3")) GTEST_SKIP() << "no python3 here";
  const std::string said = Changed("python", "__main__.py", kPython, "{}").run();
  for (const char* line :
       {"few: away 2\n", "enough: done at 3\n", "other: away 1\n", "passed: tried\n"}) {
    EXPECT_THAT(said, HasSubstr(line));
  }
}

/// A server that is busy at first, and what became of requests to it.
class BusyServer {
 public:
  /// Of a plugin that makes them. It says "PATH STATUS BODY" of each.
  void check(const Changed& plugin) {
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
  BusyServer().check(Changed("python", "__main__.py", R"py(import ostler_step


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
  BusyServer().check(Changed(
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
  BusyServer().check(Changed("rust", "plugin.rs", R"rust(mod ostler;
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
  const Changed plugin("cpp", "plugin.cpp", kClass, "{}");
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
  const std::string said = Changed("cpp", "plugin.cpp", kWithoutVersion, "{}").run();
  EXPECT_THAT(said, HasSubstr("passed: ran\n"));
}

}  // namespace
}  // namespace ostler::support
