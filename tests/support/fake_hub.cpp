// SPDX-License-Identifier: Apache-2.0
#include "support/fake_hub.hpp"

#include <libdeflate.h>

#include <algorithm>
#include <boost/asio/post.hpp>

#include "base/uuid.hpp"
#include "support/wait_until.hpp"
#include "wire/agent_edge.hpp"

namespace ostler::support {
namespace {

namespace asio = boost::asio;
using nlohmann::json;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr std::string_view kStreamPath = "/agentedge.v1.AgentEdgeService/StreamPings";

std::string inflate(const std::string& packed, std::size_t size) {
  std::string bytes(size, '\0');
  auto* inflater = libdeflate_alloc_decompressor();
  std::size_t got = 0;
  const auto result = libdeflate_gzip_decompress(inflater, packed.data(), packed.size(),
                                                 bytes.data(), bytes.size(), &got);
  libdeflate_free_decompressor(inflater);
  return result == LIBDEFLATE_SUCCESS && got == size ? bytes : "<not the declared bytes>";
}

std::uint64_t query_number(const std::string& target, const std::string& name) {
  const auto at = target.find(name + "=");
  return at == std::string::npos ? 0 : std::stoull(target.substr(at + name.size() + 1));
}

ServerReply reply(int status, const json& body = json::object()) {
  return {status, body.dump(), {{"Content-Type", "application/json"}}};
}

std::string token_of(const ServerRequest& request) {
  const auto found = request.headers.find("authorization");
  return found == request.headers.end() ? "" : found->second.substr(6);
}

}  // namespace

bool FakeJob::is_contiguous() const {
  std::uint64_t end = 0;
  std::uint64_t expected = 1;
  for (const auto& [sequence, chunk] : chunks) {
    if (sequence != expected++ || chunk.offset != end || chunk.bytes.size() != chunk.size) {
      return false;
    }
    end += chunk.size;
  }
  return true;
}

std::string FakeJob::log() const {
  std::string text;
  for (const auto& [sequence, chunk] : chunks) text += chunk.bytes;
  return text;
}

FakeHub::FakeHub(FakeHubOptions options) : options_(options) {
  const Lock lock(mutex_);  // an agent that waits for this port calls before we are made
  server_ = std::make_unique<ScriptedServer>(
      [this](ServerRequest request) { return answer(std::move(request)); });
  change_ = std::make_unique<net::AsyncEvent>(server_->io().get_executor());
}

FakeHub::~FakeHub() = default;

void FakeHub::changed() {
  asio::post(server_->io(), [this] {
    change_->set();
    change_->reset();
  });
}

std::string FakeHub::add_job(std::map<std::string, std::string> env) {
  const Lock lock(mutex_);
  // Unique on this machine: a keeper kills whatever carries its job's id.
  const std::string id = Uuid::make().str();
  FakeJob job;
  job.env = {{"BUILDKITE_JOB_ID", id},
             {"BUILDKITE_BUILD_ID", "0198aff0-0000-4000-8000-000000000001"},
             {"BUILDKITE_REPO", "file:///nowhere"},
             {"BUILDKITE_COMMIT", "HEAD"},
             {"BUILDKITE_BRANCH", "main"},
             {"BUILDKITE_AGENT_NAME", "fake-1"},
             {"BUILDKITE_ORGANIZATION_SLUG", "ostler"},
             {"BUILDKITE_PIPELINE_SLUG", "p"},
             {"BUILDKITE_PIPELINE_PROVIDER", "git"},
             {"BUILDKITE_PULL_REQUEST", "false"},
             {"BUILDKITE_SKIP_CHECKOUT", "true"},
             {"BUILDKITE_COMMAND", "true"}};
  for (const auto& [name, value] : env) job.env[name] = value;
  jobs_[id] = std::move(job);
  waiting_.emplace_back(id);
  changed();
  return id;
}

std::string FakeHub::add_job_to_acquire(bool locked, std::map<std::string, std::string> env) {
  const std::string id = add_job(std::move(env));
  const Lock lock(mutex_);
  std::erase(waiting_, id);
  jobs_[id].locked = locked;
  return id;
}

void FakeHub::unlock(const std::string& id) {
  const Lock lock(mutex_);
  jobs_.at(id).locked = false;
}

void FakeHub::offer_again(const std::string& id) {
  const Lock lock(mutex_);
  jobs_.at(id).agent.clear();
  waiting_.push_back(id);
  changed();
}

void FakeHub::set_action(const std::string& action) {
  const Lock lock(mutex_);
  action_ = action;
  changed();
}

json FakeHub::last_registration() const {
  const Lock lock(mutex_);
  return last_registration_;
}

std::set<std::string> FakeHub::instances() const {
  const Lock lock(mutex_);
  return instances_;
}

std::vector<std::string> FakeHub::backoff_sequences() const {
  const Lock lock(mutex_);
  return backoff_sequences_;
}

void FakeHub::cut_streams() {
  const Lock lock(mutex_);
  for (auto& [token, stream] : streams_) {
    stream.extra = wire::encode_streamed({}).substr(0, 6);
    stream.is_cut = true;
  }
  changed();
}

void FakeHub::say_in_streams(std::string bytes) {
  const Lock lock(mutex_);
  for (auto& [token, stream] : streams_) stream.extra += bytes;
  changed();
}

void FakeHub::cancel_job(const std::string& id, const std::string& state) {
  const Lock lock(mutex_);
  jobs_.at(id).state = state;
  changed();
}

FakeJob FakeHub::job(const std::string& id) const {
  const Lock lock(mutex_);
  return jobs_.at(id);
}

bool FakeHub::wait_for(const std::string& id, const std::function<bool(const FakeJob&)>& holds,
                       seconds limit) const {
  return wait_until(limit, [&] {
    const Lock lock(mutex_);
    return holds(jobs_.at(id));
  });
}

bool FakeHub::wait_finished(const std::string& id, seconds limit) const {
  return wait_for(id, [](const FakeJob& one) { return one.finishes > 0; }, limit);
}

void FakeHub::fail(const std::string& part, ServerAnswer answer, int times) {
  const Lock lock(mutex_);
  failures_.push_back({part, std::move(answer), times, false});
}

void FakeHub::lose_answers(const std::string& part, int times, ServerAnswer instead) {
  const Lock lock(mutex_);
  failures_.push_back({part, std::move(instead), times, true});
}

void FakeHub::heal() {
  const Lock lock(mutex_);
  failures_.clear();
}

void FakeHub::forget_sessions() {
  const Lock lock(mutex_);
  tokens_.clear();
  changed();
}

int FakeHub::registrations() const {
  const Lock lock(mutex_);
  return registrations_;
}

int FakeHub::live_sessions() const {
  const Lock lock(mutex_);
  return static_cast<int>(tokens_.size());
}

std::vector<std::string> FakeHub::requests() const {
  const Lock lock(mutex_);
  return requests_;
}

int FakeHub::count(const std::string& part) const {
  const Lock lock(mutex_);
  return static_cast<int>(std::count_if(requests_.begin(), requests_.end(), [&](const auto& line) {
    return line.find(part) != std::string::npos;
  }));
}

FakeHub::Failure* FakeHub::failure_for(const std::string& line) {
  for (Failure& failure : failures_) {
    if (failure.times <= 0 || line.find(failure.part) == std::string::npos) continue;
    --failure.times;
    return &failure;
  }
  return nullptr;
}

asio::awaitable<ServerAnswer> FakeHub::answer(ServerRequest request) {
  std::optional<Failure> failure;
  {
    const Lock lock(mutex_);
    const std::string line = request.method + " " + request.target;
    requests_.push_back(line);
    const auto instance = request.headers.find("ostler-instance");
    instances_.insert(instance == request.headers.end() ? "" : instance->second);
    const auto sequence = request.headers.find("x-buildkite-backoff-sequence");
    if (sequence != request.headers.end()) backoff_sequences_.push_back(sequence->second);
    if (const Failure* found = failure_for(line)) failure = *found;
  }
  if (failure && !failure->obeys) co_return failure->answer;
  ServerAnswer obeyed = co_await obey(std::move(request));
  if (failure) co_return failure->answer;
  co_return obeyed;
}

asio::awaitable<ServerAnswer> FakeHub::obey(ServerRequest request) {
  const std::string path = request.target.substr(0, request.target.find('?'));
  const std::string token = token_of(request);
  const seconds wait(query_number(request.target, "wait"));
  if (path == "/v3/register") {
    if (token != kToken) co_return reply(401, {{"message", "unknown registration token"}});
    co_return register_session(request.body);
  }
  if (path == "/v3/ping")
    co_return co_await ping(token, wait, request.target.find("paused=1") != std::string::npos);
  if (options_.streams && path == kStreamPath) co_return ping_stream(token);
  if (path.starts_with("/v3/jobs/")) {
    const std::string rest = path.substr(9);
    const auto slash = rest.find('/');
    const std::string id = rest.substr(0, slash);
    if (slash == std::string::npos && request.method == "GET") {
      co_return co_await job_state(id, wait);
    }
    const Lock lock(mutex_);
    co_return job_call(id, slash == std::string::npos ? "" : rest.substr(slash + 1), request);
  }
  const Lock lock(mutex_);
  const auto known = std::find(tokens_.begin(), tokens_.end(), token);
  if (known == tokens_.end()) co_return reply(401, {{"message", "unknown session"}});
  if (path == "/v3/disconnect") tokens_.erase(known);
  if (path == "/v3/connect" || path == "/v3/disconnect" || path == "/v3/heartbeat") {
    co_return reply(200);
  }
  co_return reply(404, {{"message", "no such path"}});
}

ServerReply FakeHub::register_session(const std::string& body) {
  const Lock lock(mutex_);
  last_registration_ = json::parse(body);
  const std::string number = std::to_string(++registrations_);
  tokens_.push_back("session-" + number);
  ServerReply answer = reply(200, {{"id", "agent-" + number},
                                   {"name", "fake-1"},
                                   {"access_token", tokens_.back()},
                                   {"ping_interval", 1},
                                   {"job_status_interval", 1},
                                   {"heartbeat_interval", options_.heartbeat_interval},
                                   {"lease_seconds", options_.lease_seconds}});
  if (options_.waits) answer.headers["Ostler-Wait"] = "1";
  return answer;
}

asio::awaitable<ServerAnswer> FakeHub::ping(std::string token, seconds wait, bool knows_pause) {
  const auto is_known = [knows_pause](const std::string& action) {
    return knows_pause && action == "pause";
  };
  const auto deadline = steady_clock::now() + wait;
  for (;;) {
    {
      const Lock lock(mutex_);
      if (std::find(tokens_.begin(), tokens_.end(), token) == tokens_.end()) {
        co_return reply(401, {{"message", "unknown session"}});
      }
      if (!action_.empty() && (!is_known(action_) || steady_clock::now() >= deadline)) {
        co_return reply(200, {{"action", action_}});
      }
      if (action_.empty() && knows_pause) co_return reply(200, json::object());
      const std::string id = action_.empty() ? offer_to(token) : "";
      if (!id.empty()) co_return reply(200, {{"job", {{"id", id}}}});
    }
    const auto now = steady_clock::now();
    if (now >= deadline) co_return reply(200, {{"action", "idle"}});
    co_await change_->wait(deadline - now);
  }
}

ServerAnswer FakeHub::ping_stream(const std::string& token) {
  const Lock lock(mutex_);
  if (std::find(tokens_.begin(), tokens_.end(), token) == tokens_.end()) {
    return reply(401, {{"message", "unknown session"}});
  }
  const int number = streams_[token].number + 1;
  Stream stream;
  stream.number = number;
  streams_[token] = std::move(stream);
  return StreamReply{.headers = {{"Content-Type", "application/grpc"}},
                     .next = [this, token, number] { return next_in_stream(token, number); },
                     .trailers = "grpc-status: 0\r\n"};
}

asio::awaitable<std::optional<std::string>> FakeHub::next_in_stream(std::string token, int number) {
  for (;;) {
    {
      const Lock lock(mutex_);
      Stream& stream = streams_[token];
      if (stream.number != number) co_return std::nullopt;
      if (!stream.extra.empty()) co_return std::exchange(stream.extra, "");
      if (stream.is_cut) co_return std::nullopt;
      if (auto news = news_in_stream(token)) co_return news;
    }
    co_await change_->wait();
  }
}

/// What the stream of a session has to say now.
std::optional<std::string> FakeHub::news_in_stream(const std::string& token) {
  Stream& stream = streams_[token];
  if (!std::exchange(stream.has_begun, true) || stream.action != action_) {
    stream.action = action_;
    auto action = wire::PingAction::Idle;
    if (action_ == "pause") action = wire::PingAction::Pause;
    if (action_ == "disconnect") action = wire::PingAction::Disconnect;
    return wire::encode_streamed({.action = action});
  }
  if (!action_.empty()) return std::nullopt;
  const bool is_busy = std::ranges::any_of(jobs_, [&](const auto& one) {
    return one.second.agent == token && one.second.accepts > 0 && one.second.finishes == 0;
  });
  const std::string job = is_busy ? "" : offer_to(token);
  if (job.empty() || std::ranges::find(stream.offered, job) != stream.offered.end()) {
    return std::nullopt;
  }
  stream.offered.push_back(job);
  return wire::encode_streamed({.job_id = job});
}

/// The job that the session was offered and has not accepted, for it may have missed the answer;
/// else the next one; empty: none.
std::string FakeHub::offer_to(const std::string& token) {
  for (const auto& [id, job] : jobs_) {
    if (job.agent == token && job.state == "scheduled") return id;
  }
  if (waiting_.empty()) return "";
  std::string id = waiting_.front();
  waiting_.erase(waiting_.begin());
  jobs_[id].agent = token;
  return id;
}

asio::awaitable<ServerAnswer> FakeHub::job_state(std::string id, seconds wait) {
  const auto deadline = steady_clock::now() + wait;
  std::string first;
  for (;;) {
    {
      const Lock lock(mutex_);
      if (!jobs_.contains(id)) co_return reply(404);
      const std::string state = jobs_[id].state;
      const bool is_news = !first.empty() && state != first;
      const bool matters = state != "scheduled" && state != "accepted" && state != "running";
      if (is_news || matters || steady_clock::now() >= deadline) {
        co_return reply(200, {{"state", state}});
      }
      first = state;
    }
    co_await change_->wait(deadline - steady_clock::now());
  }
}

ServerReply FakeHub::job_call(const std::string& id, const std::string& what,
                              ServerRequest& request) {
  const auto found = jobs_.find(id);
  if (found == jobs_.end()) return reply(404, {{"message", "no such job"}});
  FakeJob& job = found->second;
  const std::string token = token_of(request);
  if (what == "accept") return accept(id, token);
  if (what == "acquire") return acquire(id, token, request);
  if (token != "job-" + id) return reply(401, {{"message", "not this job's token"}});
  if (what == "start") {
    ++job.starts;
    if (job.state == "accepted") job.state = "running";
    changed();
    return reply(200);
  }
  if (what == "chunks") return take_chunk(job, request);
  if (what == "events") return take_events(job, request.body);
  if (what == "finish") return finish(job, request.body);
  if (what == "data/set") {
    const auto body = json::parse(request.body);
    metadata_[body["key"]] = body["value"];
    return reply(200);
  }
  if (what == "data/get") {
    const auto key = json::parse(request.body)["key"].get<std::string>();
    if (!metadata_.contains(key)) return reply(404, {{"message", "no such key"}});
    return reply(200, {{"key", key}, {"value", metadata_[key]}});
  }
  return reply(404, {{"message", "no such path"}});
}

ServerReply FakeHub::take_events(FakeJob& job, const std::string& body) {
  if (job.finishes > 0) job.finished_before_events = true;
  const json told = json::parse(body);
  for (const json& event : told["events"]) {
    if (event["kind"] == "refused") return reply(400, {{"message", "an event is refused"}});
  }
  for (const json& event : told["events"]) {
    if (!job.events.try_emplace(event["sequence"], event).second) ++job.repeated_events;
  }
  changed();
  return reply(200);
}

ServerReply FakeHub::acquire(const std::string& id, const std::string& token,
                             const ServerRequest& request) {
  const auto header = request.headers.find("x-buildkite-lock-acquire-job");
  if (header == request.headers.end() || header->second != "1") return reply(422);
  FakeJob& job = jobs_[id];
  if (job.locked) {
    ServerReply locked = reply(423, {{"message", "waits for others"}});
    locked.headers["Retry-After"] = "0.05";
    return locked;
  }
  if (job.agent.empty()) job.agent = token;
  return accept(id, token);
}

ServerReply FakeHub::accept(const std::string& id, const std::string& token) {
  FakeJob& job = jobs_[id];
  if (job.agent != token || job.state == "finished") {
    return reply(422, {{"message", "the job is not yours"}});
  }
  ++job.accepts;
  if (job.state == "scheduled") job.state = "accepted";
  ServerReply answer = reply(200, {{"id", id},
                                   {"state", job.state},
                                   {"token", "job-" + id},
                                   {"chunks_max_size_bytes", options_.chunk_size},
                                   {"chunks_interval_seconds", 1},
                                   {"env", job.env}});
  if (options_.waits) answer.headers["Ostler-Wait"] = "1";
  return answer;
}

ServerReply FakeHub::take_chunk(FakeJob& job, const ServerRequest& request) {
  const auto sequence = query_number(request.target, "sequence");
  FakeJob::Chunk chunk{query_number(request.target, "offset"), query_number(request.target, "size"),
                       ""};
  chunk.bytes = inflate(request.body, chunk.size);
  if (job.finishes > 0) job.finished_before_chunks = true;
  const auto [at, is_new] = job.chunks.try_emplace(sequence, chunk);
  const bool same = at->second.offset == chunk.offset && at->second.size == chunk.size &&
                    at->second.bytes == chunk.bytes;
  if (!is_new && !same) {
    ++job.conflicting_chunks;
    return reply(422, {{"message", "another extent for this sequence"}});
  }
  return reply(201);
}

ServerReply FakeHub::finish(FakeJob& job, const std::string& body) {
  const json report = json::parse(body);
  if (job.finishes > 0 && job.finish != report) return reply(422, {{"message", "finished"}});
  ++job.finishes;
  job.finish = report;
  job.state = "finished";
  changed();
  return reply(200);
}

}  // namespace ostler::support
