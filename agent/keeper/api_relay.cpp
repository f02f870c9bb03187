// SPDX-License-Identifier: Apache-2.0
#include "keeper/api_relay.hpp"

#include "base/byte_codec.hpp"

namespace ostler::keeper {
namespace {

/// Requests and replies begin with their id; the rest is for others.
Result<std::uint64_t> id_of(std::string_view payload, supervise::MessageType type) {
  std::uint64_t id = 0;
  ByteReader reader(payload);
  reader.get(id);
  if (!reader.ok()) return supervise::malformed(type);
  return id;
}

}  // namespace

Result<bool> ApiRelay::take_request(std::string_view payload) {
  OSTLER_TRY(const auto id, id_of(payload, supervise::MessageType::ApiRequest));
  if (waiting_.size() >= kMaxRequests || bytes_ + payload.size() > kMaxBytes) return false;
  if (!waiting_.emplace(id, payload).second) {
    return Error(Errc::Protocol, "the worker used the request id " + std::to_string(id) + " twice");
  }
  bytes_ += payload.size();
  return true;
}

Result<bool> ApiRelay::take_reply(std::string_view payload) {
  OSTLER_TRY(const auto id, id_of(payload, supervise::MessageType::ApiReply));
  const auto found = waiting_.find(id);
  if (found == waiting_.end()) return false;
  bytes_ -= found->second.size();
  waiting_.erase(found);
  return true;
}

Result<std::string> ApiRelay::refusal(std::string_view payload) {
  supervise::ApiReply reply;
  OSTLER_TRY(reply.id, id_of(payload, supervise::MessageType::ApiRequest));
  reply.status = 503;
  reply.headers = {{"Content-Type", "application/json"}};
  reply.body = R"({"message":"too many requests of this job wait for the agent; try again later"})";
  return supervise::encode_frame(reply);
}

}  // namespace ostler::keeper
