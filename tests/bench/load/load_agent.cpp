// SPDX-License-Identifier: Apache-2.0
#include "bench/load/load_agent.hpp"

#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "wire/agent_edge.hpp"

namespace ostler::bench {

namespace asio = boost::asio;
using nlohmann::json;
using Clock = std::chrono::steady_clock;

namespace {

constexpr std::string_view kJson = "Content-Type: application/json\r\n";
constexpr std::string_view kGrpc = "Content-Type: application/grpc\r\nTe: trailers\r\n";
constexpr std::string_view kGzip = "Content-Type: text/plain\r\nContent-Encoding: gzip\r\n";

[[noreturn]] void give_up(const std::string& what, const CallAnswer& answer) {
  std::fprintf(stderr, "%s: %u %s\n", what.c_str(), answer.status, answer.body.c_str());
  std::exit(1);
}

}  // namespace

asio::awaitable<std::string> LoadAgent::expect(std::string method, std::string path,
                                               std::string token, std::string body) {
  auto answer = co_await connection_.call(method, path, token, body, kJson);
  if (answer.status != 200) give_up(path, answer);
  co_return std::move(answer.body);
}

asio::awaitable<void> LoadAgent::connect(std::string name, std::string registration_token) {
  co_await connection_.open();
  const json about = {{"name", std::move(name)},
                      {"hostname", "load"},
                      {"os", "Linux"},
                      {"arch", "amd64"},
                      {"script_eval_enabled", true},
                      {"ignore_in_dispatches", false},
                      {"version", "3.137.0"},
                      {"build", "x"},
                      {"meta_data", json::array({"queue=default"})},
                      {"features", json::array()}};
  const auto answer = json::parse(
      co_await expect("POST", "/register", std::move(registration_token), about.dump()));
  token_ = answer["access_token"];
  id_ = answer["id"];
  co_await expect("POST", "/connect", token_, "");
}

asio::awaitable<void> LoadAgent::serve() {
  return plan_.listens_to_stream ? listen_for_jobs() : ask_for_jobs();
}

/// The calls of a job have a connection of their own, so that idle agents have the stream alone.
asio::awaitable<void> LoadAgent::listen_for_jobs() {
  const std::string path =
      "/" + std::string(wire::kEdgeService) + "/" + std::string(wire::kStreamPings);
  for (;;) {
    connection_ = Connection(executor_, port_);
    Connection stream(executor_, port_);
    co_await stream.open();
    co_await stream.open_stream(path, token_, wire::encode_stream_request(id_), kGrpc);
    wire::StreamedMessages messages;
    for (std::string piece; !(piece = co_await stream.read_stream()).empty();) {
      const auto arrived = Clock::now();
      messages.add(piece);
      while (const auto message = messages.next().value()) {
        if (!message->job_id) continue;
        connection_ = Connection(executor_, port_);
        co_await connection_.open();
        co_await run(*message->job_id, {.offered = arrived});
      }
    }
  }
}

asio::awaitable<void> LoadAgent::ask_for_jobs() {
  for (;;) {
    const auto answer = co_await expect("GET", "/ping?wait=30", token_, "");
    const auto offered = Clock::now();
    const json pong = json::parse(answer);
    if (pong.contains("job") && pong["job"].is_object()) {
      co_await run(pong["job"]["id"].get<std::string>(), {.offered = offered});
    }
  }
}

asio::awaitable<void> LoadAgent::run(const std::string& job, JobTimes times) {
  const std::string path = "/jobs/" + job;
  const json accepted = json::parse(co_await expect("PUT", path + "/accept", token_, "{}"));
  const std::string token = accepted["token"];
  co_await expect("PUT", path + "/start", token, R"({"started_at":"2026-01-02T02:04:06Z"})");
  times.started = Clock::now();
  if (plan_.on_start) plan_.on_start({job, token});
  co_await send_log(job, token);
  if (plan_.awaits_cancel) {
    co_await await_cancel(job, token);
    times.canceled = Clock::now();
  }
  co_await expect("PUT", path + "/finish", token,
                  plan_.awaits_cancel
                      ? R"({"exit_status":"-1","finished_at":"2026-01-02T02:04:31Z"})"
                      : R"({"exit_status":"0","finished_at":"2026-01-02T02:04:31Z"})");
  times.finished = Clock::now();
  plan_.on_finish(times);
}

asio::awaitable<void> LoadAgent::send_log(const std::string& job, const std::string& token) {
  for (std::size_t i = 0; i < plan_.log_chunks; ++i) {
    const std::string path = "/jobs/" + job + "/chunks?sequence=" + std::to_string(i + 1) +
                             "&offset=" + std::to_string(i * plan_.chunk_size) +
                             "&size=" + std::to_string(plan_.chunk_size);
    const auto answer = co_await connection_.call("POST", path, token, plan_.chunk, kGzip);
    if (answer.status / 100 != 2) give_up(path, answer);
  }
}

asio::awaitable<void> LoadAgent::await_cancel(const std::string& job, const std::string& token) {
  for (;;) {
    const auto answer = co_await expect("GET", "/jobs/" + job + "?wait=30", token, "");
    if (json::parse(answer)["state"] != "running") co_return;
  }
}

}  // namespace ostler::bench
