// SPDX-License-Identifier: Apache-2.0
#include "support/fake_artifact_store.hpp"

#include <charconv>

namespace ostler::support {
namespace {

constexpr std::string_view kPartPath = "/store/part/";
constexpr std::string_view kServePath = "/store/get/";

ServerReply failed(int status) { return {status, wire::encode_message("told to fail"), {}}; }

int number_after(std::string_view text, std::string_view mark) {
  const std::size_t at = text.find(mark);
  int number = -1;
  if (at != std::string_view::npos) {
    std::from_chars(text.data() + at + mark.size(), text.data() + text.size(), number);
  }
  return number;
}

// The body of the form part whose head holds `mark`.
std::string form_part(const ServerRequest& request, const std::string& mark) {
  const std::string& type = request.headers.at("content-type");
  const std::string boundary = "\r\n--" + type.substr(type.find("boundary=") + 9);
  const std::size_t head = request.body.find(mark);
  if (head == std::string::npos) return "";
  const std::size_t begin = request.body.find("\r\n\r\n", head) + 4;
  return request.body.substr(begin, request.body.find(boundary, begin) - begin);
}

}  // namespace

FakeArtifactStore::FakeArtifactStore()
    : server_([this](ServerRequest request) -> boost::asio::awaitable<ServerAnswer> {
        co_return answer(request);
      }) {}

void FakeArtifactStore::set_faults(const Faults& faults) {
  with([&](State& s) { s.faults = faults; });
}

void FakeArtifactStore::split_from(std::size_t bytes, int parts) {
  with([&](State& s) {
    s.split_bytes = bytes;
    s.split_parts = parts;
  });
}

void FakeArtifactStore::add(wire::Artifact artifact, const std::string& content) {
  with([&](State& s) {
    Stored stored;
    stored.artifact = std::move(artifact);
    stored.content = content;
    stored.state = "finished";
    s.stored.push_back(std::move(stored));
  });
}

std::vector<FakeArtifactStore::Stored> FakeArtifactStore::stored() {
  return with([](State& s) { return s.stored; });
}
std::vector<std::size_t> FakeArtifactStore::batches() {
  return with([](State& s) { return s.batches; });
}
std::vector<std::string> FakeArtifactStore::calls() {
  return with([](State& s) { return s.calls; });
}
std::string FakeArtifactStore::last_authorization() {
  return with([](State& s) { return s.authorization; });
}

ServerAnswer FakeArtifactStore::answer(const ServerRequest& request) {
  return with([&](State& state) -> ServerAnswer {
    state.calls.push_back(request.method + " " + request.target);
    const bool is_api = request.target.starts_with("/v3/");
    const auto authorization = request.headers.find("authorization");
    if (is_api != (authorization != request.headers.end())) return ServerReply{401, "{}"};
    if (is_api) state.authorization = authorization->second;
    if (request.target.find("/artifacts/search?") != std::string::npos) return search(state);
    if (is_api && request.method == "POST") return create(state, request);
    if (is_api && request.method == "PUT") return update(state, request);
    if (request.target.starts_with(kPartPath)) return take_part(state, request);
    if (request.target.starts_with(kServePath)) return serve(state, request);
    if (request.method == "POST") return take_form(state, request);
    return ServerReply{404, "{}"};
  });
}

ServerReply FakeArtifactStore::create(State& state, const ServerRequest& request) {
  if (state.faults.create_status != 0) return failed(state.faults.create_status);
  if (state.faults.refuse_creates-- > 0) return failed(503);
  const auto batch = wire::decode_artifact_batch(request.body);
  if (!batch) return {422, wire::encode_message(batch.error().message()), {}};
  if (const auto known = state.answers.find(batch.value().id); known != state.answers.end()) {
    return {200, known->second, {}};
  }
  wire::ArtifactBatchResponse response;
  response.id = batch.value().id;
  wire::UploadInstructions form;
  form.data = {{"key", "k/${artifact:path}"}};
  form.action = wire::UploadAction{server_.url() + "/?sig=s", "POST", "store/form", "file", 0};
  response.upload_instructions = form;
  for (const wire::Artifact& artifact : batch.value().artifacts) {
    const std::string id = "id" + std::to_string(state.stored.size());
    response.artifact_ids.push_back(id);
    if (static_cast<std::size_t>(artifact.file_size) >= state.split_bytes) {
      wire::UploadInstructions parts;
      for (int n = state.split_parts; n > 0; --n) {
        parts.actions.push_back({server_.url() + std::string(kPartPath) +
                                     "?artifact=" + std::to_string(state.stored.size()) +
                                     "&n=" + std::to_string(n),
                                 "PUT", "", "", n});
      }
      response.per_artifact_instructions[id] = parts;
    }
    Stored stored;
    stored.artifact = artifact;
    stored.artifact.id = id;
    stored.artifact.upload_destination = batch.value().upload_destination;
    state.stored.push_back(std::move(stored));
  }
  state.batches.push_back(batch.value().artifacts.size());
  return {200, state.answers[batch.value().id] = wire::encode(response), {}};
}

ServerReply FakeArtifactStore::update(State& state, const ServerRequest& request) {
  if (state.faults.refuse_updates-- > 0) return failed(500);
  const auto updates = wire::decode_artifact_states(request.body);
  if (!updates) return {422, wire::encode_message(updates.error().message()), {}};
  for (const wire::ArtifactStateUpdate& update : updates.value()) {
    for (Stored& stored : state.stored) {
      if (stored.artifact.id != update.id) continue;
      stored.state = update.state == wire::ArtifactUploadState::Finished ? "finished" : "error";
      stored.multipart = update.multipart;
      stored.etags = update.multipart_etags;
      for (const auto& [number, part] : stored.parts) stored.content += part;
    }
  }
  return {200, "{}", {}};
}

ServerReply FakeArtifactStore::take_form(State& state, const ServerRequest& request) {
  if (state.faults.refuse_uploads-- > 0) return failed(500);
  if (request.target != "/store/form?sig=s") return {404, "", {}};
  const std::string path = form_part(request, "name=\"key\"").substr(2);
  if (path == state.faults.only_upload_fails) return failed(500);
  for (Stored& stored : state.stored) {
    if (stored.artifact.path == path) stored.content = form_part(request, "name=\"file\"");
  }
  return {204, "", {}};
}

ServerReply FakeArtifactStore::take_part(State& state, const ServerRequest& request) {
  if (state.faults.refuse_uploads-- > 0) return failed(500);
  Stored& stored =
      state.stored.at(static_cast<std::size_t>(number_after(request.target, "artifact=")));
  if (stored.artifact.path == state.faults.only_upload_fails) return failed(500);
  const int number = number_after(request.target, "&n=");
  stored.parts[number] = request.body;
  if (state.faults.no_etag) return {200, "", {}};
  return {200, "", {{"ETag", "\"etag" + std::to_string(number) + "\""}}};
}

ServerReply FakeArtifactStore::search(State& state) {
  std::vector<wire::Artifact> found;
  for (std::size_t i = 0; i < state.stored.size(); ++i) {
    if (state.stored[i].state != "finished") continue;
    wire::Artifact artifact = state.stored[i].artifact;
    if (artifact.upload_destination.empty()) {
      artifact.url = server_.url() + std::string(kServePath) + "?artifact=" + std::to_string(i);
    }
    found.push_back(std::move(artifact));
  }
  return {200, wire::encode(found), {}};
}

ServerAnswer FakeArtifactStore::serve(State& state, const ServerRequest& request) {
  if (state.faults.served) return *state.faults.served;
  const Stored& stored =
      state.stored.at(static_cast<std::size_t>(number_after(request.target, "artifact=")));
  return ServerReply{200, state.faults.lie_content ? stored.content + "!" : stored.content};
}

}  // namespace ostler::support
