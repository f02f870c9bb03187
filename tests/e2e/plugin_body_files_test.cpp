// SPDX-License-Identifier: Apache-2.0
// Files as bodies of requests in the SDK's languages, sent to real servers and in cases.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>

#include "crypto/digest.hpp"
#include "e2e/changed_plugin.hpp"
#include "support/scripted_server.hpp"

namespace ostler::support {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::HasSubstr;

constexpr const char* kPutsThere =
    R"({"workspace": "read", "http": [{"config": "/name"}, "a.example"]})";

/// 5 MiB: the bytes 0 to 255, again and again.
std::string large_file() {
  std::string bytes(5u << 20, '\0');
  for (std::size_t at = 0; at < bytes.size(); ++at) bytes[at] = static_cast<char>(at);
  return bytes;
}

/// A server that is busy when it is asked for the first time.
class BusyStore {
 public:
  const std::string& url() const { return server_.url(); }
  /// How many requests there were, by method, and that each had the whole file.
  std::map<std::string, int> whole_files() {
    const std::lock_guard lock(mutex_);
    return whole_;
  }

 private:
  boost::asio::awaitable<ServerAnswer> answer(ServerRequest request) {
    const std::lock_guard lock(mutex_);
    if (request.body == large_file()) ++whole_[request.method];
    if (++requests_[request.method] == 1) {
      co_return ServerReply{503, "", {{"Retry-After", "1"}}};
    }
    co_return ServerReply{201, "there"};
  }

  std::mutex mutex_;
  std::map<std::string, int> whole_;
  std::map<std::string, int> requests_;
  ScriptedServer server_{[this](ServerRequest request) { return answer(std::move(request)); }};
};

json exchange(const std::string& method, int status) {
  return {{"request",
           {{"method", method},
            {"url", "https://a.example/" + method},
            {"body_sha256", crypto::sha256_hex(large_file())}}},
          {"response", {{"status", status}}}};
}

/// Of a plugin that writes that file and sends it by POST and PUT, three attempts each, and then
/// one that is not there. It says "METHOD STATUS" of each.
void check_files(const ChangedPlugin& plugin) {
  BusyStore store;
  const std::map<std::string, int> twice = {{"POST", 2}, {"PUT", 2}};
  const std::string said = plugin.run(store.url());
  EXPECT_THAT(said, HasSubstr("POST 201\nPUT 201\nnone: 3\n"));
  EXPECT_EQ(store.whole_files(), twice) << "each attempt begins with the file";
  const json exchanges = {exchange("POST", 503), exchange("POST", 201), exchange("PUT", 201)};
  EXPECT_THAT(plugin.said_in_case("https://a.example", exchanges.dump()),
              HasSubstr("POST 201\nPUT 201\nnone: 3\npassed: sent\n"));
}

TEST(BodyFiles, AreSentFromPython) {
  if (!fs::exists("/usr/bin/python3")) GTEST_SKIP() << "no python3 here";
  const ChangedPlugin plugin("python", "__main__.py", R"py(import os

import ostler_step


def sends(step):
    file = os.path.join(step.facts["scratch"], "large.bin")
    with open(file, "wb") as out:
        out.write(bytes(range(256)) * 20480)
    for method in ("POST", "PUT"):
        with step.http(f"{step.config('/name')}/{method}", method, attempts=3, repeats_all=True,
                       body_file=file) as answer:
            step.log(f"{method} {answer.status}")
    try:
        step.http(step.config("/name"), "PUT", body_file="none")
    except ostler_step.CallFailed as failure:
        step.log(f"none: {failure.status}")
    return ostler_step.passed("sent")


ostler_step.run("my-step", "1.0.0", sends)
)py",
                             kPutsThere);
  check_files(plugin);
}

TEST(BodyFiles, AreSentFromCxx) {
  const ChangedPlugin plugin("cpp", "plugin.cpp", R"source(#include <fstream>
#include <ostler/cpp/step_plugin.hpp>

struct Config {
  std::string name;
  static Config read(const ostler::ConfigReader& reader) { return {reader.text("/name")}; }
};

static ostler::StepEnd run(const ostler::Services& services, const Config& config) {
  const std::string file = std::string(ostler::to_view(services.job().scratch)) + "/large.bin";
  std::ofstream out(file, std::ios::binary);
  for (int i = 0; i < 5 << 20; ++i) out.put(static_cast<char>(i));
  out.close();
  for (const std::string method : {"POST", "PUT"}) {
    auto answer = services.http({.url = config.name + "/" + method,
                                 .method = method,
                                 .most_attempts = 3,
                                 .repeats_all = true,
                                 .body_file = file});
    services.log(method + " " + std::to_string(answer.status()));
  }
  const auto none = ostler::tried([&] {
    return services.http({.url = config.name, .method = "PUT", .body_file = "none"}).status();
  });
  services.log("none: " + std::to_string(none.status()));
  return ostler::passed("sent");
}

OSTLER_STEP_PLUGIN("my-step", "1.0.0", Config, run);
)source",
                             kPutsThere);
  check_files(plugin);
}

TEST(BodyFiles, AreSentFromRust) {
  if (run_program({"/bin/sh", "-c", "rustc --version"}).code != 0) GTEST_SKIP() << "no rustc here";
  const ChangedPlugin plugin("rust", "plugin.rs", R"rust(mod ostler;
use ostler::{End, Error, HttpRequest, Services};

fn run(services: &Services) -> Result<End, Error> {
    let name = services.text("/name")?;
    let file = services.facts()?.scratch + "/large.bin";
    let bytes: Vec<u8> = (0..5 << 20).map(|at| at as u8).collect();
    std::fs::write(&file, bytes).map_err(|why| Error::from(why.to_string()))?;
    let (most_attempts, repeats_all) = (3, true);
    for method in ["POST", "PUT"] {
        let url = format!("{name}/{method}");
        let request = HttpRequest {
            url: &url,
            method,
            most_attempts,
            repeats_all,
            body_file: &file,
            ..Default::default()
        };
        let answer = services.http(&request)?;
        services.log(&format!("{method} {}", answer.status));
    }
    let none = HttpRequest { url: &name, method: "PUT", body_file: "none", ..Default::default() };
    if let Err(error) = services.http(&none) {
        services.log(&format!("none: {}", error.status));
    }
    Ok(End::passed("sent"))
}

step_plugin!("my-step", "1.0.0", run);
)rust",
                             kPutsThere);
  check_files(plugin);
}

}  // namespace
}  // namespace ostler::support
