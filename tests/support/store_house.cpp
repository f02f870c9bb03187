// SPDX-License-Identifier: Apache-2.0
#include "support/store_house.hpp"

#include <libdeflate.h>

#include <cstdio>
#include <cstdlib>

#include "pipeline/parse.hpp"
#include "pipeline/plan.hpp"
#include "store/directory_blob_store.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace ostler::support {

OpenStore sqlite_store() {
  return [](const std::filesystem::path& directory, Timestamp now, store::BlobStore& blobs) {
    store::SqliteOptions options;
    options.directory = directory;
    options.now = now;
    options.log_limit = 2 << 20;
    options.chunk_limit = 1 << 20;
    return store::open_sqlite_store(std::move(options), blobs);
  };
}

std::string gzip(std::string_view text) {
  struct Free {
    void operator()(libdeflate_compressor* compressor) const {
      libdeflate_free_compressor(compressor);
    }
  };
  const std::unique_ptr<libdeflate_compressor, Free> compressor(libdeflate_alloc_compressor(1));
  std::string bytes(libdeflate_gzip_compress_bound(compressor.get(), text.size()), '\0');
  bytes.resize(libdeflate_gzip_compress(compressor.get(), text.data(), text.size(), bytes.data(),
                                        bytes.size()));
  return bytes;
}

StoreHouse::StoreHouse(std::filesystem::path directory, OpenStore open)
    : directory_(std::move(directory)), open_(std::move(open)) {
  reopen();
  found();
}

void StoreHouse::fail(const Error& error) {
  std::fprintf(stderr, "store call failed: %s\n", error.message().c_str());
  std::abort();
}

void StoreHouse::reopen() {
  store_.reset();
  blobs_.reset();
  auto blobs = store::open_directory_blob_store(directory_);
  if (!blobs) fail(blobs.error());
  blobs_ = std::move(blobs).value();
  auto opened = open_(directory_, now_, *blobs_);
  if (!opened) fail(opened.error());
  store_ = std::move(opened).value();
}

void StoreHouse::found() {
  const auto tokens = get(store_->first_start({now_, {"read_builds", "write_builds"}}));
  if (!tokens) return;
  agent_token_ =
      std::get<store::AgentTokenHolder>(get(store_->authenticate(tokens->agent_token, now_)));
  api_ = std::get<store::ApiHolder>(get(store_->authenticate(tokens->api_token, now_)));
  model::PipelineSettings settings;
  settings.name = "Hello";
  settings.slug = "hello";
  settings.repository = "https://git.example/hello.git";
  settings.env = {{"LAYER", "pipeline"}, {"FROM_PIPELINE", "1"}};
  pipeline_ = get(store_->create_pipeline({agent_token_.organization, agent_token_.cluster,
                                           settings, api_.user.id, now_}))
                  .id;
}

Worker StoreHouse::connect_agent(std::vector<std::string> tags, std::string name,
                                 std::string host) {
  store::RegisterAgent command{.holder = agent_token_, .description = {}, .now = now_};
  command.description.name = std::move(name);
  command.description.hostname = std::move(host);
  command.description.tags = std::move(tags);
  auto registered = get(store_->register_agent(std::move(command)));
  get(store_->connect_agent({registered.agent.id, now_}));
  return {registered.agent.id, std::move(registered.session_token)};
}

store::BuildChange StoreHouse::create_build(std::string_view yaml, model::BuildRequest request) {
  auto definition = pipeline::parse(yaml, request.env);
  if (!definition) fail(definition.error());
  auto plan = pipeline::plan(std::move(definition).value());
  if (!plan) fail(plan.error());
  store::CreateBuild command;
  command.pipeline = pipeline_;
  command.creator = api_.user.id;
  command.request = std::move(request);
  command.plan = std::move(plan).value();
  command.now = now_;
  return get(store_->create_build(std::move(command)));
}

model::Job StoreHouse::job_of(BuildId build, std::string_view step) {
  for (auto& job : get(store_->jobs({.builds = {build}, .include_retried = false}))) {
    if (job.step.key == step || job.step.label == step) return std::move(job);
  }
  fail(Error(Errc::NotFound, "no job of step " + std::string(step)));
}

store::AcceptJob StoreHouse::accept_command(const Worker& agent, JobId job) const {
  return {.agent = agent.id,
          .job = job,
          .session_token = agent.token,
          .public_url = "http://hub.example",
          .now = now_};
}

store::FinishJob StoreHouse::finish_command(const Worker& agent, JobId job, int exit_status) const {
  store::FinishJob command;
  command.agent = agent.id;
  command.job = job;
  command.outcome.exit_status = exit_status;
  command.finished_at = Timestamp{1};
  command.now = now_;
  return command;
}

store::AcceptedJob StoreHouse::accept(const Worker& agent, JobId job) {
  return get(store_->accept_job(accept_command(agent, job)));
}

void StoreHouse::start(const Worker& agent, JobId job) {
  get(store_->start_job({agent.id, job, Timestamp{1}, now_}));
}

store::JobChange StoreHouse::finish(const Worker& agent, JobId job, int exit_status) {
  return get(store_->finish_job(finish_command(agent, job, exit_status)));
}

store::JobChange StoreHouse::run_job(const Worker& agent, JobId job, int exit_status) {
  accept(agent, job);
  start(agent, job);
  return finish(agent, job, exit_status);
}

store::AppendChunk StoreHouse::chunk(const Worker& agent, JobId job, std::int64_t sequence,
                                     std::int64_t offset, std::string_view text) {
  return {.agent = agent.id,
          .job = job,
          .sequence = sequence,
          .offset = offset,
          .size = static_cast<std::int64_t>(text.size()),
          .gzip = gzip(text)};
}

store::SweepResult StoreHouse::pass_awake(std::chrono::seconds time) {
  constexpr std::chrono::seconds kStep{30};
  for (; time > kStep; time -= kStep) {
    pass(kStep);
    sweep();
  }
  pass(time);
  return sweep();
}

std::string StoreHouse::log_of(JobId job) {
  std::string log;
  while (true) {
    const auto part =
        get(store_->read_log({.job = job, .offset = static_cast<std::int64_t>(log.size())}));
    if (part.empty()) return log;
    log += part;
  }
}

model::BuildState StoreHouse::state_of(BuildId build) { return get(store_->build(build)).state; }

}  // namespace ostler::support
