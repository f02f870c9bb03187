// SPDX-License-Identifier: Apache-2.0
// What the wrappers of the SDK's languages do with services, run for real.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>
#include <string>

#include "e2e/changed_plugin.hpp"
#include "support/child_program.hpp"

namespace ostler::support {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

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
    services.log(&format!("words {:?}", services.resource("words").map_err(|why| why.message)));
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
  const ChangedPlugin plugin(
      "rust", "plugin.rs", kRust,
      R"({"services": ["metric", "report", "lock", "state"], "commands": "host",
          "host_directory": "write"})");
  const std::string said = plugin.run();
  for (const char* line :
       {"kept {\"duration_ms\":", "ran 3 [255, 10]\n", "the cat said to the cat\n",
        "the cat left with 0\n", "fence true\n", "state \"one\\ntwo\" true\n",
        "others None, None\n", "after Err(\"late 4\")\n", "3 attempts\n", "refused true\n",
        "others this run is outside any build, which has no other steps: ostler.job/1/outcome\n",
        "theirs Err(6)\n", "job \"\"\n", "words Err(\"there is no resource words\")\n",
        "6: this run has no service ostler.meta-data/1; ask for it in plugin.json: "
        "\"permissions\": "
        "{\"services\": [\"meta-data\"]}\n",
        "detail {\"name\":\"world\"}\n", "failed (no): did all of it; look\n"}) {
    EXPECT_THAT(said, HasSubstr(line));
  }
}

constexpr const char* kPanicking = R"rust(mod ostler;
use ostler::{End, Error, Retries, Services};
use std::time::Duration;

fn run(services: &Services) -> Result<End, Error> {
    let ns = Duration::from_nanos(1);
    let retries = Retries { most_attempts: 4, first_delay: ns, most_delay: ns };
    let caught = std::panic::catch_unwind(|| {
        services.retry(&retries, |number| -> Result<(), Error> { panic!("lost on {number}") })
    });
    let why = caught.unwrap_err();
    services.log(&format!("caught {:?}", why.downcast_ref::<String>()));
    services.retry(&retries, |_| -> Result<End, Error> { panic!("out of luck") })
}

step_plugin!("my-step", "1.0.0", run);
)rust";

TEST(Rust, EndsAsAnErrorWhereAnAttemptPanics) {
  if (run_program({"/bin/sh", "-c", "rustc --version"}).code != 0) GTEST_SKIP() << "no rustc here";
  const std::string said = ChangedPlugin("rust", "plugin.rs", kPanicking, "{}").run();
  EXPECT_THAT(said, HasSubstr("caught Some(\"lost on 1\")\n"));
  EXPECT_THAT(said, HasSubstr("error (failed): the plugin panicked"));
}

constexpr const char* kAborting = R"rust(mod ostler;
use ostler::{End, Error, Services};

#[inline(never)]
fn give_up(why: &str) {
    println!("{why}");
    std::process::abort()
}

fn run(services: &Services) -> Result<End, Error> {
    let why = services.text("/name")?;
    let _ = std::thread::spawn(move || give_up(&why)).join();
    Ok(End::passed("went on"))
}

step_plugin!("my-step", "1.0.0", run);
)rust";

TEST(Rust, IsToldWhichOfItsFunctionsAborted) {
  if (run_program({"/bin/sh", "-c", "rustc --version"}).code != 0) GTEST_SKIP() << "no rustc here";
  const std::string said = ChangedPlugin("rust", "plugin.rs", kAborting, "{}").run();
  EXPECT_THAT(said, HasSubstr("the plugin crashed: SIGABRT at libc.so.6+"));
  EXPECT_THAT(said,
              testing::ContainsRegex("called from my-step.so.0x[0-9a-f]+ in .*my_step.*give_up"));
}

constexpr const char* kRustWithResource = R"rust(mod ostler;
use ostler::{End, Error, Services};

fn run(services: &Services) -> Result<End, Error> {
    let path = services.resource("words.txt")?;
    let words = std::fs::read_to_string(&path).map_err(|error| error.to_string())?;
    let may_write = std::fs::write(&path, "others").is_ok();
    Ok(End::passed(&format!("has {} {may_write}", words.trim())))
}

step_plugin!("my-step", "1.0.0", run);
)rust";

TEST(Rust, ReadsItsResources) {
  if (run_program({"/bin/sh", "-c", "rustc --version"}).code != 0) GTEST_SKIP() << "no rustc here";
  const Author author;
  const fs::path source = author / "my-step";
  const ProgramOptions there{{{"XDG_STATE_HOME", author / "home"}}, source.parent_path()};
  const auto made =
      run_program({ostler_program(), "plugin", "new", "my-step", "--lang", "rust"}, there);
  ASSERT_EQ(made.code, 0) << made.err;
  const std::string project = files::read_file(source / "CMakeLists.txt").value();
  const std::string end = "MANIFEST plugin.json";
  ASSERT_THAT(project, HasSubstr(end));
  std::ofstream(source / "CMakeLists.txt")
      << std::string(project).insert(project.find(end) + end.size(), " RESOURCES words.txt");
  std::ofstream(source / "words.txt") << "its own words\n";
  std::ofstream(source / "plugin.rs") << kRustWithResource;
  const auto ran =
      run_program({ostler_program(), "plugin", "run", author.build(source, "my-step")}, there);
  EXPECT_THAT(ran.out + ran.err, HasSubstr("passed: has its own words false\n"));
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
              services.retry({}, [](int number) { throw number; });
            } catch (int number) {
              services.log("thrown: " + std::to_string(number));
            }
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
  const std::string said = ChangedPlugin("cpp", "plugin.cpp", kCpp, "{}").run();
  for (const char* line : {"few: away 2\n", "enough: done at 3\n", "other: away 1\n",
                           "none: no such number of attempts, or delay\n", "thrown: 1\n",
                           "theirs: 6\n", "passed: no deadline\n"}) {
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
  const ChangedPlugin plugin("cpp", "plugin.cpp", kCrashing, "{}");
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

def waits(step):
    begin, seen = step.ticks(), []
    def attempt(number):
        seen.append(round(step.ticks() - begin, 3))
        raise CallFailed(6, "away")
    try:
        step.retry(attempt, 6, first_delay=1, most_delay=5)
    except CallFailed:
        return seen

def main(step):
    if step.config("/name") == "waits":
        return passed(f"attempts at {waits(step)}")
    step.log(f"few: {tries(step, 2, 2)}")
    step.log(f"enough: {tries(step, 3, 6)}")
    step.log(f"other: {tries(step, 3, 4)}")
    try:
        step.retry(lambda number: {}[number])
    except KeyError as number:
        step.log(f"raised: {number}")
    return passed("tried")

run("my-step", "1.0.0", main)
)py";

TEST(Python, TriesAgainWhatWasOutOfReach) {
  if (!fs::exists("/usr/bin/python3")) GTEST_SKIP() << "no python3 here";
  const ChangedPlugin plugin("python", "__main__.py", kPython, "{}");
  const std::string said = plugin.run();
  for (const char* line : {"few: away 2\n", "enough: done at 3\n", "other: away 1\n", "raised: 1\n",
                           "passed: tried\n"}) {
    EXPECT_THAT(said, HasSubstr(line));
  }
  EXPECT_THAT(plugin.said_in_case("waits", "[]"),
              HasSubstr("passed: attempts at [0.0, 1.0, 3.0, 7.0, 12.0, 17.0]\n"));
}

}  // namespace
}  // namespace ostler::support
